package dev.lockstep.spark.exchange;

import dev.lockstep.engine.PanelSquares;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.MicroBatchNorms;
import dev.lockstep.gradient.Node;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.spark.exchange.Frame.Kind;
import dev.lockstep.spark.exchange.Placement.Span;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;

/**
 * The ranks of one JVM in one attempt of a round: their shared parameters, and their way to the
 * ranks elsewhere. A step goes
 *
 * <ol>
 *   <li>{@link #publish}: every rank shows the sums of its shards; all meet; each other JVM is sent
 *       the sums for the slices that it owns;
 *   <li>{@link #total}: an owner merges the sums for its slices along the canonical tree, and
 *       updates them in place, since everybody has done with the old parameters;
 *   <li>{@link #gather}, once for each norm that the update depends on: all meet, and each other
 *       JVM is sent the squares of the slices that this one owns;
 *   <li>{@link #spread}: all meet; each other JVM is sent the new slices, and theirs are awaited.
 * </ol>
 *
 * <p>Buffers for one step are enough: a JVM sends sums of the next step only when it has the new
 * slices of this one from every other, and those are sent when all owners there have merged.
 */
final class Group implements Hub.Desk {
  private final Hub hub;
  private final long run;
  private final int attempt;
  private final Inbox inbox;
  private final Placement placement;
  private final ParameterLayout layout;
  private final int counts;
  private final int shards;
  private final int self;
  private final List<Integer> ranks;

  private final float[] parameters;
  private final float[][] slots;
  private final List<Measure> measures;
  private final PanelSquares squares;
  private final PartialSums[] published;
  private final boolean[] finiteHere;

  /** By place among the ranks of this JVM; each sets its own. */
  private final long[] waited;

  private final Peer[] peers;
  private float[] foreignGradient;

  /** What has come from another JVM. */
  private static final class Peer {
    volatile String connection = "";
    long sumsOf;

    /** How many SQUARES frames there were, counted as if every step had all of its own. */
    long measured;

    long slicesOf;
    SortedMap<Node, NodeSum> sums = new TreeMap<>();
    boolean isFinite;

    /** Takes all frames of an attempt by one connection: nobody else can slip any in. */
    synchronized void checkConnection(String peer) {
      if (!connection.isEmpty() && !connection.equals(peer)) {
        throw new IllegalArgumentException(
            "a frame from %s: this sender's come from %s".formatted(peer, connection));
      }
      connection = peer;
    }
  }

  Group(
      Hub hub,
      long run,
      int attempt,
      Placement placement,
      Training training,
      State state,
      long timeoutMillis) {
    this.hub = hub;
    this.run = run;
    this.attempt = attempt;
    this.inbox = new Inbox(timeoutMillis);
    this.placement = placement;
    this.layout = training.network().layout();
    this.counts = training.network().counts();
    this.shards = training.plan().shards();
    this.self = placement.jvms().indexOf(hub.address());
    this.ranks = placement.ranksOf(hub.address());
    this.parameters = state.parameters().toFlat();
    this.slots = state.slots().stream().map(SlicedVector::toFlat).toArray(float[][]::new);
    this.measures = training.update().measures();
    this.squares = PanelSquares.of(layout);
    this.published = new PartialSums[ranks.size()];
    this.finiteHere = new boolean[ranks.size()];
    this.waited = new long[ranks.size()];
    this.peers = new Peer[placement.jvms().size()];
    for (int jvm = 0; jvm < peers.length; jvm++) {
      peers[jvm] = new Peer();
      peers[jvm].sumsOf = state.step() - 1;
      peers[jvm].measured = measuredBefore(state.step());
      peers[jvm].slicesOf = state.step() - 1;
    }
  }

  /**
   * Bytes of the largest frame that another JVM may send in a training: sums of all the nodes that
   * have no sibling to merge with, at most one for two shards, over all parameters.
   */
  static long largestFrame(Training training) {
    ParameterLayout layout = training.network().layout();
    long floats = (long) training.network().counts() + layout.length();
    long nodes = (training.plan().shards() + 1L) / 2;
    long sums = Integer.BYTES + nodes * (NODE_BYTES + floats * Float.BYTES);
    Span all = Span.of(layout.slices());
    return Frame.SIZE + Math.max(sums, parametersBytes(all));
  }

  Placement placement() {
    return placement;
  }

  /** The parameters that all ranks of this JVM read, in panel order. */
  float[] parameters() {
    return parameters;
  }

  /** The optimiser's vectors; only the slices that ranks of this JVM own are kept up to date. */
  float[][] slots() {
    return slots;
  }

  /** Sums of squares of all panels; complete after {@link #gather} or {@link #spread}. */
  PanelSquares squares() {
    return squares;
  }

  /** Ends the waits of all ranks of this JVM. */
  void fail(String reason) {
    inbox.fail(reason);
  }

  /** Shows the sums of a rank's shards to all ranks. */
  void publish(int rank, long step, PartialSums sums)
      throws InterruptedException, TimeoutException {
    published[ranks.indexOf(rank)] = sums;
    meet(rank);
    for (int jvm = 0; jvm < peers.length; jvm++) {
      if (sends(rank, jvm)) {
        send(jvm, sumsFrame(step, placement.spanOf(placement.jvms().get(jvm), layout)));
      }
    }
  }

  /** The sum over all shards; its gradient is complete in the slices that a rank owns. */
  NodeSum total(int rank, long step) throws InterruptedException, TimeoutException {
    await(rank, step, peer -> peer.sumsOf, "sums of step " + (step + 1));
    Span span = placement.spanOf(rank, layout);
    PartialSums sums = merged(span);
    for (Peer peer : peers) {
      sums.addAll(peer.sums);
    }
    NodeSum total = sums.total();
    return total.base() == 0 ? total : inPanelOrder(total, span);
  }

  /** Meets after the owners have taken a measure, and exchanges its squares. */
  void gather(int rank, long step, Measure measure) throws InterruptedException, TimeoutException {
    meet(rank);
    for (int jvm = 0; jvm < peers.length; jvm++) {
      if (sends(rank, jvm)) {
        send(jvm, squaresFrame(step, measure));
      }
    }
    long taken = measuredBefore(step) + measures.indexOf(measure) + 1;
    await(rank, taken, peer -> peer.measured, "norms of step " + (step + 1));
  }

  private long measuredBefore(long step) {
    return step * measures.size();
  }

  /** Nanoseconds that a rank of this JVM has waited for others, so far. */
  long waitedNanos(int rank) {
    return waited[ranks.indexOf(rank)];
  }

  private void meet(int rank) throws InterruptedException, TimeoutException {
    long begun = System.nanoTime();
    inbox.meet(ranks.size(), "the other ranks of this JVM");
    waited[ranks.indexOf(rank)] += System.nanoTime() - begun;
  }

  private void await(int rank, long number, ToLongFunction<Peer> newest, String what)
      throws InterruptedException, TimeoutException {
    if (peers.length > 1) {
      long begun = System.nanoTime();
      inbox.await(() -> haveArrived(number, newest), what);
      waited[ranks.indexOf(rank)] += System.nanoTime() - begun;
    }
  }

  /** Meets after the update, and exchanges new slices; whether all of them are finite. */
  boolean spread(int rank, long step, boolean isFinite)
      throws InterruptedException, TimeoutException {
    finiteHere[ranks.indexOf(rank)] = isFinite;
    meet(rank);
    boolean allFinite = true;
    for (boolean finite : finiteHere) {
      allFinite &= finite;
    }
    for (int jvm = 0; jvm < peers.length; jvm++) {
      if (sends(rank, jvm)) {
        send(jvm, parametersFrame(step, allFinite));
      }
    }
    await(rank, step, peer -> peer.slicesOf, "parameters of step " + (step + 1));
    for (int jvm = 0; jvm < peers.length; jvm++) {
      allFinite &= jvm == self || peers[jvm].isFinite;
    }
    return allFinite;
  }

  /** The ranks of a JVM share the work of sending to the others. */
  private boolean sends(int rank, int jvm) {
    return jvm != self && jvm % ranks.size() == ranks.indexOf(rank);
  }

  private boolean haveArrived(long number, ToLongFunction<Peer> newest) {
    for (int jvm = 0; jvm < peers.length; jvm++) {
      if (jvm != self && newest.applyAsLong(peers[jvm]) < number) {
        return false;
      }
    }
    return true;
  }

  /** The sums of this JVM's ranks over a span, merged as far as siblings meet. */
  private PartialSums merged(Span span) {
    PartialSums sums = new PartialSums(shards, span.from(), span.to());
    for (PartialSums local : published) {
      sums.addAll(local.nodes());
    }
    return sums;
  }

  /** Puts sums that lie in a buffer of their own where panel order has them. */
  private NodeSum inPanelOrder(NodeSum sum, Span span) {
    float[] gradient = foreignGradient();
    if (span.length() > 0) {
      System.arraycopy(
          sum.gradient(), span.from() - sum.base(), gradient, span.from(), span.length());
    }
    return sum.withGradient(0, gradient);
  }

  private synchronized float[] foreignGradient() {
    if (foreignGradient == null) {
      foreignGradient = new float[layout.length()];
    }
    return foreignGradient;
  }

  private void send(int jvm, ByteBuffer frame) {
    Address to = placement.jvms().get(jvm);
    CompletableFuture<ByteBuffer> unused =
        hub.send(to, frame.flip())
            .whenComplete(
                (answer, error) -> {
                  if (error != null) {
                    inbox.fail("lost the executor at %s: %s".formatted(to, error.getMessage()));
                  }
                });
  }

  private ByteBuffer sumsFrame(long step, Span span) {
    Map<Node, NodeSum> sums = merged(span).nodes();
    long size = Integer.BYTES;
    for (NodeSum sum : sums.values()) {
      long counts = (long) sum.counts().length * Integer.BYTES;
      size += NODE_BYTES + (sum.isEmpty() ? 0 : counts + (long) span.length() * Float.BYTES);
    }
    ByteBuffer frame = new Frame(Kind.SUMS, run, attempt, self, step).begin(size);
    frame.putInt(sums.size());
    sums.forEach(
        (node, sum) -> {
          frame.putInt(node.level()).putInt(node.index());
          frame.putDouble(sum.loss()).putDouble(sum.weight()).putLong(sum.examples());
          MicroBatchNorms norms = sum.norms();
          frame.putDouble(norms.squares()).putDouble(norms.reciprocals()).putLong(norms.count());
          if (!sum.isEmpty()) {
            Arrays.stream(sum.counts()).forEach(frame::putInt);
            Frame.putFloats(frame, sum.gradient(), span.from() - sum.base(), span.length());
          }
        });
    return frame;
  }

  private static final int NODE_BYTES = 2 * Integer.BYTES + 4 * Double.BYTES + 2 * Long.BYTES;

  private SortedMap<Node, NodeSum> readSums(ByteBuffer body) {
    Span span = placement.spanOf(hub.address(), layout);
    SortedMap<Node, NodeSum> sums = new TreeMap<>();
    int count = Frame.getCount(body, NODE_BYTES);
    for (int i = 0; i < count; i++) {
      Frame.checkedCount(body, 1, NODE_BYTES);
      Node node = new Node(body.getInt(), body.getInt());
      if (!isNode(node) || sums.put(node, readSum(body, span)) != null) {
        throw new IllegalArgumentException(
            "a SUMS frame with %s, twice or beyond the tree over %d shards"
                .formatted(node, shards));
      }
    }
    Frame.checkEnd(body);
    return sums;
  }

  private NodeSum readSum(ByteBuffer body, Span span) {
    double loss = body.getDouble();
    double weight = body.getDouble();
    long examples = body.getLong();
    MicroBatchNorms norms = new MicroBatchNorms(body.getDouble(), body.getDouble(), body.getLong());
    if (examples < 0) {
      throw new IllegalArgumentException("a SUMS frame of %d examples".formatted(examples));
    }
    if (examples == 0) {
      return NodeSum.EMPTY;
    }
    Frame.checkedCount(body, counts + span.length(), Float.BYTES);
    int[] counted = counts == 0 ? NodeSum.NO_COUNTS : new int[counts];
    Arrays.setAll(counted, c -> body.getInt());
    float[] gradient = new float[span.length()];
    Frame.getFloats(body, gradient, 0, gradient.length);
    return new NodeSum(span.from(), gradient, loss, weight, examples, counted, norms);
  }

  private boolean isNode(Node node) {
    int above = Node.root(shards).level() - node.level();
    return node.level() >= 0
        && above >= 0
        && node.index() >= 0
        && node.index() < 1 << above
        && node.from() < shards;
  }

  private ByteBuffer parametersFrame(long step, boolean isFinite) {
    Span span = placement.spanOf(hub.address(), layout);
    ByteBuffer frame =
        new Frame(Kind.PARAMETERS, run, attempt, self, step).begin(parametersBytes(span));
    frame.put((byte) (isFinite ? 1 : 0));
    putSquares(frame, squares.gradients(), span);
    putSquares(frame, squares.updates(), span);
    Frame.putFloats(frame, parameters, span.from(), span.length());
    return frame;
  }

  private ByteBuffer squaresFrame(long step, Measure measure) {
    Span span = placement.spanOf(hub.address(), layout);
    List<double[]> measured = squares.of(measure);
    ByteBuffer frame =
        new Frame(Kind.SQUARES, run, attempt, self, step)
            .begin(measured.size() * squaresBytes(span));
    measured.forEach(sums -> putSquares(frame, sums, span));
    return frame;
  }

  /** Bytes of one sum for each panel. */
  private static long squaresBytes(Span span) {
    return (long) (span.lastPanel() - span.firstPanel()) * Double.BYTES;
  }

  private static void putSquares(ByteBuffer frame, double[] squares, Span span) {
    for (int p = span.firstPanel(); p < span.lastPanel(); p++) {
      frame.putDouble(squares[p]);
    }
  }

  private static void getSquares(ByteBuffer body, double[] squares, Span span) {
    for (int p = span.firstPanel(); p < span.lastPanel(); p++) {
      squares[p] = body.getDouble();
    }
  }

  private void readSquares(int sender, Measure measure, ByteBuffer body) {
    Span span = placement.spanOf(placement.jvms().get(sender), layout);
    List<double[]> measured = squares.of(measure);
    checkSize(body, measured.size() * squaresBytes(span), "norms", sender);
    measured.forEach(sums -> getSquares(body, sums, span));
  }

  private void checkSize(ByteBuffer body, long size, String what, int sender) {
    if (body.remaining() != size) {
      throw new IllegalArgumentException(
          "%d bytes of %s from %s: want %d"
              .formatted(body.remaining(), what, placement.jvms().get(sender), size));
    }
  }

  private static long parametersBytes(Span span) {
    return 1 + 2L * squaresBytes(span) + (long) span.length() * Float.BYTES;
  }

  private boolean readParameters(int sender, ByteBuffer body) {
    Span span = placement.spanOf(placement.jvms().get(sender), layout);
    checkSize(body, parametersBytes(span), "parameters", sender);
    boolean isFinite = body.get() != 0;
    getSquares(body, squares.gradients(), span);
    getSquares(body, squares.updates(), span);
    Frame.getFloats(body, parameters, span.from(), span.length());
    return isFinite;
  }

  @Override
  public void receive(
      String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
    int sender = head.sender();
    if (head.attempt() != attempt || sender < 0 || sender >= peers.length || sender == self) {
      throw new IllegalArgumentException(
          "a %s frame of sender %d, attempt %d; this is attempt %d of %d JVMs"
              .formatted(head.kind(), sender, head.attempt(), attempt, peers.length));
    }
    Peer from = peers[sender];
    long expected =
        switch (head.kind()) {
          case SUMS -> from.sumsOf + 1;
          case SQUARES -> stepOfNextMeasure(from);
          default -> from.slicesOf + 1;
        };
    if (head.step() != expected) {
      throw new IllegalArgumentException(
          "a %s frame of step %d: step %d is next".formatted(head.kind(), head.step(), expected));
    }
    from.checkConnection(peer);
    switch (head.kind()) {
      case SUMS -> {
        SortedMap<Node, NodeSum> sums = readSums(body);
        inbox.change(
            () -> {
              from.sums = sums;
              from.sumsOf = head.step();
            });
      }
      case SQUARES -> {
        readSquares(sender, measures.get((int) (from.measured % measures.size())), body);
        inbox.change(() -> from.measured++);
      }
      default -> {
        boolean isFinite = readParameters(sender, body);
        inbox.change(
            () -> {
              from.isFinite = isFinite;
              from.measured = measuredBefore(head.step() + 1);
              from.slicesOf = head.step();
            });
      }
    }
    answer.complete(null);
  }

  private long stepOfNextMeasure(Peer from) {
    if (measures.isEmpty()) {
      throw new IllegalArgumentException("a SQUARES frame, where no update depends on norms");
    }
    return from.measured / measures.size();
  }

  @Override
  public void disconnected(String peer) {
    inbox.change(
        () ->
            Arrays.stream(peers)
                .filter(p -> p.connection.equals(peer))
                .findFirst()
                .ifPresent(p -> inbox.fail("an executor closed its connection from " + peer)));
  }
}
