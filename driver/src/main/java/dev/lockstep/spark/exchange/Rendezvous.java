package dev.lockstep.spark.exchange;

import dev.lockstep.engine.StepRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The driver's desk: every rank of an attempt says where it is, and once all have, each is told
 * where all are. It takes the place of Spark's barrier calls, which cost a second each. What the
 * ranks bring back from a round is collected here; each then stays for the next round, until that
 * begins or it is dismissed. And the desk remembers which rank failed first.
 */
public final class Rendezvous implements Hub.Desk, AutoCloseable {
  /** In the place of a number of steps: the rank may leave. */
  static final int LEAVE = 0;

  private final Hub hub;
  private final Hub.DeskKey key;
  private final int ranks;
  private final Consumer<StepRecord> watcher;
  private int attempt = -1;
  private RoundReports reports;
  private boolean isFirstRound;
  private Address[] table;
  private int joined;
  private List<CompletableFuture<ByteBuffer>> waiting = new ArrayList<>();

  /** By rank: the answers for those that have done their round, and the connections they use. */
  private final Map<Integer, CompletableFuture<ByteBuffer>> staying = new HashMap<>();

  private final Map<Integer, String> connections = new HashMap<>();

  /** The last step that the watcher has heard of. */
  private long told = -1;

  private String firstFailure;
  private boolean isInterrupted;

  /**
   * Opens the desk of a run.
   *
   * @param run a random number
   * @param ranks N
   * @param listen where to listen
   * @param watcher hears of steps
   */
  public Rendezvous(long run, int ranks, Hub.Listen listen, Consumer<StepRecord> watcher) {
    this(Hub.open(listen, keyOf(run)), run, ranks, watcher);
  }

  Rendezvous(Hub hub, long run, int ranks, Consumer<StepRecord> watcher) {
    this.hub = hub;
    this.watcher = watcher;
    this.key = keyOf(run);
    this.ranks = ranks;
    hub.register(key, this);
  }

  private static Hub.DeskKey keyOf(long run) {
    return new Hub.DeskKey(run, true);
  }

  /** Where ranks find the driver. */
  public Address address() {
    return hub.address();
  }

  /** Whether any rank of this attempt has come. */
  public synchronized boolean isAnyThere() {
    return joined > 0;
  }

  /** Begins an attempt with its first round; ranks of earlier ones are turned away. */
  public synchronized void begin(int attempt, RoundReports reports) {
    this.attempt = attempt;
    take(reports);
    told = -1;
    isFirstRound = true;
    turnAway("attempt %d has begun".formatted(attempt));
    table = new Address[ranks];
    joined = 0;
    connections.clear();
    firstFailure = null;
    isInterrupted = false;
  }

  /**
   * Begins the next round of the attempt, if all ranks have stayed for it.
   *
   * @return whether they have
   */
  public synchronized boolean goOn(RoundReports next) {
    if (staying.size() < ranks || hasFailed()) {
      return false;
    }
    take(next);
    isFirstRound = false;
    answerStaying(next.round().steps());
    return true;
  }

  private void take(RoundReports next) {
    reports = next;
    hub.expect(next.largestFrame());
  }

  /** Lets the ranks that have stayed leave, unless another round than this has begun since. */
  public synchronized void dismiss(RoundReports last) {
    if (reports == last) {
      answerStaying(LEAVE);
    }
  }

  private void answerStaying(int steps) {
    List<CompletableFuture<ByteBuffer>> all = List.copyOf(staying.values());
    staying.clear();
    for (CompletableFuture<ByteBuffer> rank : all) {
      ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      rank.complete(answer.putInt(steps).flip());
    }
  }

  /**
   * The first failure that a rank reported in this attempt. An interruption is none: Spark does
   * that to all ranks of a stage, and knows why.
   */
  public synchronized Optional<String> firstFailure() {
    return Optional.ofNullable(firstFailure);
  }

  private boolean hasFailed() {
    return firstFailure != null || isInterrupted;
  }

  @Override
  public synchronized void receive(
      String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
    if (head.attempt() != attempt || head.sender() < 0 || head.sender() >= ranks) {
      throw new IllegalArgumentException(
          "rank %d of attempt %d: want one of %d ranks of attempt %d"
              .formatted(head.sender(), head.attempt(), ranks, attempt));
    }
    switch (head.kind()) {
      case JOIN -> join(head.sender(), body, answer);
      case STEP -> {
        StepRecord step = Frame.getStep(body, head.step());
        Frame.checkEnd(body);
        check(head.step() > told, head, "has been told of before");
        told = head.step();
        watcher.accept(step);
        answer.complete(null);
      }
      case SLICES -> {
        checkRound(head);
        reports.takeSlices(body);
        answer.complete(null);
      }
      case DONE -> {
        checkRound(head);
        check(!reports.hasReport(head.sender()), head, "is there already");
        RankReport report = RankReport.get(body);
        connections.put(head.sender(), peer);
        staying.put(head.sender(), answer);
        reports.takeReport(head.sender(), report);
      }
      case FAILED -> {
        String message = Frame.getText(body);
        Frame.checkEnd(body);
        firstFailure = firstFailure == null ? message : firstFailure;
        turnAway(message);
        answer.complete(null);
      }
      case INTERRUPTED -> {
        Frame.checkEnd(body);
        isInterrupted = true;
        answer.complete(null);
      }
      default -> throw new IllegalArgumentException("a %s frame".formatted(head.kind()));
    }
  }

  private static void check(boolean holds, Frame head, String what) {
    if (!holds) {
      throw new IllegalArgumentException(
          "a %s frame of rank %d for step %d, which %s"
              .formatted(head.kind(), head.sender(), head.step(), what));
    }
  }

  private void checkRound(Frame head) {
    long end = reports.round().end();
    if (head.step() != end) {
      throw new IllegalArgumentException(
          "a %s frame of a round to step %d: this one is to step %d"
              .formatted(head.kind(), head.step(), end));
    }
  }

  private void join(int rank, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
    if (hasFailed()) {
      String reason = firstFailure != null ? firstFailure : "a rank was interrupted";
      answer.completeExceptionally(new IllegalStateException(reason));
      return;
    }
    if (!isFirstRound || reports.result().isDone()) {
      // Spark runs a lost stage again, but its tasks would begin with a round that is done.
      answer.completeExceptionally(
          new IllegalStateException("attempt %d is beyond its first round".formatted(attempt)));
      return;
    }
    Address address = Frame.getAddress(body);
    Frame.checkEnd(body);
    if (table[rank] == null) {
      joined++;
    } else if (!table[rank].equals(address)) {
      throw new IllegalArgumentException(
          "rank %d joins from %s, but is at %s".formatted(rank, address, table[rank]));
    }
    table[rank] = address;
    waiting.add(answer);
    if (joined == ranks) {
      List<CompletableFuture<ByteBuffer>> all = waiting;
      waiting = new ArrayList<>();
      ByteBuffer bytes = encode(table);
      all.forEach(each -> each.complete(bytes.duplicate()));
    }
  }

  private void turnAway(String reason) {
    List<CompletableFuture<ByteBuffer>> all = new ArrayList<>(waiting);
    all.addAll(staying.values());
    waiting = new ArrayList<>();
    staying.clear();
    all.forEach(rank -> rank.completeExceptionally(new IllegalStateException(reason)));
  }

  private static ByteBuffer encode(Address[] table) {
    int size = Integer.BYTES;
    for (Address address : table) {
      size += Frame.sizeOf(address);
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(table.length);
    for (Address address : table) {
      Frame.putAddress(bytes, address);
    }
    return bytes.flip();
  }

  /** Where each rank is, from the answer to a JOIN frame. */
  static List<Address> decode(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int ranks = Frame.getCount(bytes, 2 * Integer.BYTES);
    List<Address> table = new ArrayList<>();
    for (int r = 0; r < ranks; r++) {
      table.add(Frame.getAddress(bytes));
    }
    Frame.checkEnd(bytes);
    return table;
  }

  /** The others are not told to go on without a rank that has gone while it stayed. */
  @Override
  public synchronized void disconnected(String peer) {
    staying.keySet().removeIf(rank -> peer.equals(connections.get(rank)));
  }

  @Override
  public void close() {
    synchronized (this) {
      turnAway("the driver has closed the run");
    }
    Hub.close(hub, key, this);
  }
}
