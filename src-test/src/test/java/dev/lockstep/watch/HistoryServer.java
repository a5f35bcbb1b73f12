package dev.lockstep.watch;

import dev.lockstep.cluster.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's History Server in a JVM of its own, with the one jar on its class path.
 *
 * @param process the server
 * @param address where it listens
 */
record HistoryServer(Process process, String address) implements AutoCloseable {
  /** Starts a server over a directory of event logs; what it says goes to a file beside them. */
  static HistoryServer start(Path logs) throws IOException {
    int port = Http.freePort();
    Path target = Launcher.HOME.resolve("driver/target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Stream.of(JavaModuleOptions.defaultModuleOptionArray()).forEach(command::add);
    command.add("-Dspark.history.fs.logDirectory=" + logs.toUri());
    command.add("-Dspark.history.ui.port=" + port);
    command.add("-cp");
    command.add(target.resolve("lockstep.jar") + ":" + target.resolve("spark/jars") + "/*");
    command.add("org.apache.spark.deploy.history.HistoryServer");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(logs.resolveSibling("history.log").toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return new HistoryServer(builder.start(), "http://localhost:" + port);
  }

  /** The address of an application's tab, once the server has found its log. */
  String tab(String application) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String applications = address + "/api/v1/applications/" + application;
    while (Http.get(applications).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
    return address + "/history/" + application + "/training/";
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
