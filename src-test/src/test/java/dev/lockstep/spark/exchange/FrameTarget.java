package dev.lockstep.spark.exchange;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.TimeSplit;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.Node;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import scala.Option;

/**
 * Both desks of a JVM, as a peer has them that knows the run: the driver's, and that of the ranks
 * of an attempt, of which one is here and one elsewhere.
 */
public final class FrameTarget {
  /** The most frames in a row. */
  public static final int MAX_FRAMES = 4;

  private static final long RUN = 7;
  private static final int ATTEMPT = 3;
  private static final int RANKS = 2;
  private static final long TIMEOUT_MILLIS = 1000;
  private static final Address ELSEWHERE = new Address("elsewhere", 1);
  private static final Training TRAINING =
      new Training(
          NetworkParser.parse(40, List.of("dense 3 relu", "dense 2")),
          new SoftmaxCrossEntropy(),
          new Update(
              new Momentum(0.9f, false),
              new Constant(1),
              new Clipping(Clipping.Mode.GLOBAL_NORM, 1),
              Penalties.NONE,
              0),
          new BatchPlan(100, 10, 4, 1, true),
          1);
  private static final ParameterLayout LAYOUT = TRAINING.network().layout();
  private static final State STATE = State.initial(TRAINING, new float[LAYOUT.length()]);
  private static final Hub HUB = hub();
  private static final Placement PLACEMENT = Placement.of(List.of(HUB.address(), ELSEWHERE));

  private FrameTarget() {}

  private static Hub hub() {
    SparkConf conf = new SparkConf(false);
    SecurityManager security =
        new SecurityManager(
            conf, Option.empty(), SecurityManager$.MODULE$.$lessinit$greater$default$3());
    return new Hub(conf, security, new Hub.Listen("127.0.0.1", "", 0));
  }

  /**
   * Gives frames to the desks, one after the other, as the transport would.
   *
   * @throws RuntimeException what the sender of the first that is refused would be told
   */
  public static void receive(List<byte[]> frames) {
    Rendezvous rendezvous = new Rendezvous(HUB, RUN, RANKS, step -> {});
    rendezvous.begin(ATTEMPT, new RoundReports(TRAINING, RANKS, STATE, new Round(0, 2)));
    Group group = new Group(HUB, RUN, ATTEMPT, PLACEMENT, TRAINING, STATE, TIMEOUT_MILLIS);
    Hub.DeskKey key = new Hub.DeskKey(RUN, false);
    HUB.register(key, group);
    try {
      for (byte[] frame : frames) {
        if (frame.length > 0) {
          receive(frame);
        }
      }
    } finally {
      HUB.unregister(key, group);
      HUB.unregister(new Hub.DeskKey(RUN, true), rendezvous);
    }
  }

  private static void receive(byte[] frame) {
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    HUB.receive("elsewhere", ByteBuffer.wrap(frame), answer);
    try {
      ByteBuffer unused = answer.getNow(null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  /** Frames that the desks take, in the order in which a run sends them. */
  public static List<List<byte[]>> seeds() {
    return List.of(
        List.of(sums(0), squares(0), parameters(0), sums(1)),
        List.of(join(0), join(1), step()),
        List.of(slices(), done(0), done(1)),
        List.of(failed()),
        List.of(frame(Kind.INTERRUPTED, 0, 0, 0, body -> {})));
  }

  private static byte[] frame(
      Kind kind, int sender, long step, long size, Consumer<ByteBuffer> body) {
    ByteBuffer frame = new Frame(kind, RUN, ATTEMPT, sender, step).begin(size);
    body.accept(frame);
    byte[] bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static byte[] sums(long step) {
    Placement.Span span = PLACEMENT.spanOf(HUB.address(), LAYOUT);
    int counts = TRAINING.network().counts();
    List<Node> nodes = List.of(new Node(0, 2), new Node(0, 3));
    long size = Integer.BYTES + 2L * (56 + Integer.BYTES * (2L + counts + span.length()));
    return frame(
        Kind.SUMS,
        1,
        step,
        size,
        body -> {
          body.putInt(nodes.size());
          for (Node node : nodes) {
            body.putInt(node.level()).putInt(node.index());
            body.putDouble(0.5).putDouble(1).putLong(node.index() - 2L);
            body.putDouble(0).putDouble(0).putLong(0);
            if (node.index() > 2) {
              for (int i = 0; i < counts + span.length(); i++) {
                body.putInt(0);
              }
            }
          }
        });
  }

  private static byte[] squares(long step) {
    Placement.Span span = PLACEMENT.spanOf(ELSEWHERE, LAYOUT);
    int size = (span.lastPanel() - span.firstPanel()) * Double.BYTES;
    return frame(Kind.SQUARES, 1, step, size, body -> body.put(new byte[size]));
  }

  private static byte[] parameters(long step) {
    Placement.Span span = PLACEMENT.spanOf(ELSEWHERE, LAYOUT);
    int panels = span.lastPanel() - span.firstPanel();
    int size = 1 + 2 * panels * Double.BYTES + span.length() * Float.BYTES;
    return frame(Kind.PARAMETERS, 1, step, size, body -> body.put(new byte[size]));
  }

  private static byte[] join(int rank) {
    return frame(
        Kind.JOIN, rank, 0, Frame.sizeOf(ELSEWHERE), body -> Frame.putAddress(body, ELSEWHERE));
  }

  private static byte[] step() {
    StepRecord step = new StepRecord(1, 0, 10, 0.5, 1, 2);
    return frame(Kind.STEP, 0, 1, Frame.STEP_BYTES, body -> Frame.putStep(body, step));
  }

  private static byte[] slices() {
    float[] zeros = new float[LAYOUT.length()];
    return frame(
        Kind.SLICES,
        0,
        2,
        RoundReports.size(LAYOUT.slices(), 1),
        body -> RoundReports.put(body, 0, LAYOUT.slices(), zeros, new float[][] {zeros}));
  }

  private static byte[] done(int rank) {
    List<StepRecord> steps =
        rank == 0
            ? List.of(new StepRecord(0, 0, 10, 0.5, 1, 2), new StepRecord(1, 0, 10, 0.5, 1, 2))
            : List.of();
    RankReport report =
        new RankReport(
            steps, null, EpochSums.NONE, 99, new RankTimes("a", TimeSplit.NONE), List.of(5L));
    return frame(Kind.DONE, rank, 2, report.size(), report::put);
  }

  private static byte[] failed() {
    String reason = "rank 1: no memory";
    return frame(Kind.FAILED, 1, 0, Frame.sizeOf(reason), body -> Frame.putText(body, reason));
  }
}
