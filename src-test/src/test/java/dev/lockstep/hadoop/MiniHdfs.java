package dev.lockstep.hadoop;

import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DFSConfigKeys;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.metrics2.AbstractMetric;
import org.apache.hadoop.metrics2.impl.MetricsCollectorImpl;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;

/**
 * An HDFS within this JVM, a NameNode and some DataNodes on the loopback interface: every block, of
 * 1 MB at most, lies on two of them.
 */
public final class MiniHdfs implements AutoCloseable {
  private static final String SPARK = "spark.hadoop.";
  private static final String CLIENT = "fs.hdfs.impl";
  private static final String REPLICATION = "dfs.replication";
  private static final String BLOCK_SIZE = "dfs.blocksize";
  private static final int COPIES = 2;
  private static final int BLOCK_BYTES = 1 << 20;

  private final MiniDFSCluster cluster;
  private final List<MiniDFSCluster.DataNodeProperties> stopped = new ArrayList<>();

  private MiniHdfs(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts one whose blocks lie below a directory, and waits until all DataNodes are there. */
  public static MiniHdfs start(Path directory, int dataNodes) throws IOException {
    return start(directory, dataNodes, new HdfsConfiguration());
  }

  /**
   * Starts one that {@link Storage} in this JVM, as long as it is open, sees through a {@link
   * WatchedHdfs}.
   */
  static MiniHdfs startWatched(Path directory, int dataNodes) throws IOException {
    Configuration conf = new HdfsConfiguration();
    conf.set(CLIENT, WatchedHdfs.class.getName());
    System.setProperty(SPARK + CLIENT, WatchedHdfs.class.getName());
    return start(directory, dataNodes, conf);
  }

  /** Starts one whose DataNodes send no more than so many bytes a second each. */
  public static MiniHdfs startSlow(Path directory, int dataNodes, long bytesPerSecond)
      throws IOException {
    Configuration conf = new HdfsConfiguration();
    conf.setLong(DFSConfigKeys.DFS_DATANODE_DATA_READ_BANDWIDTHPERSEC_KEY, bytesPerSecond);
    return start(directory, dataNodes, conf);
  }

  private static MiniHdfs start(Path directory, int dataNodes, Configuration conf)
      throws IOException {
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
    conf.setInt(REPLICATION, COPIES);
    conf.setInt(BLOCK_SIZE, BLOCK_BYTES);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(conf).numDataNodes(dataNodes).build();
    cluster.waitActive();
    System.setProperty(SPARK + REPLICATION, Integer.toString(COPIES));
    System.setProperty(SPARK + BLOCK_SIZE, Integer.toString(BLOCK_BYTES));
    return new MiniHdfs(cluster);
  }

  /** The URI of an absolute path. */
  public String uri(String path) {
    return "hdfs://localhost:%d%s".formatted(cluster.getNameNodePort(), path);
  }

  /** What lies at an absolute path. */
  public Storage storage(String path) {
    return Storage.at(new Location(uri(path)));
  }

  /** Ends one of the DataNodes, by its number from 0, in the middle of all that it does. */
  public void stopDataNode(int number) {
    stopped.add(cluster.stopDataNode(number));
  }

  /** Starts again, with their blocks, the DataNodes that were stopped. */
  public void revive() throws IOException {
    for (MiniDFSCluster.DataNodeProperties node : stopped) {
      cluster.restartDataNode(node, true);
    }
    stopped.clear();
    cluster.waitActive();
  }

  /** How many bytes of blocks the DataNodes that run have sent, to whichever process. */
  public long bytesServed() {
    return cluster.getDataNodes().stream().mapToLong(MiniHdfs::bytesServed).sum();
  }

  private static long bytesServed(DataNode node) {
    MetricsCollectorImpl metrics = new MetricsCollectorImpl();
    DefaultMetricsSystem.instance().getSource(node.getMetrics().name()).getMetrics(metrics, true);
    for (AbstractMetric metric : metrics.getRecords().get(0).metrics()) {
      if (metric.name().equals("BytesRead")) {
        return metric.value().longValue();
      }
    }
    throw new IllegalStateException("DataNodes do not count what they send");
  }

  @Override
  public void close() {
    System.clearProperty(SPARK + CLIENT);
    System.clearProperty(SPARK + REPLICATION);
    System.clearProperty(SPARK + BLOCK_SIZE);
    cluster.shutdown(true);
  }
}
