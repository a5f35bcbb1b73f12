package dev.lockstep.spark.exchange;

import dev.lockstep.engine.StepRecord;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The driver's desk: every rank of an attempt says where it is, and once all have, each is told
 * where all are. It takes the place of Spark's barrier calls, which cost a second each, and it
 * remembers which rank failed first.
 */
public final class Rendezvous implements Hub.Desk, AutoCloseable {
  private final Hub hub;
  private final Hub.DeskKey key;
  private final int ranks;
  private final Consumer<StepRecord> watcher;
  private int attempt = -1;
  private Address[] table;
  private int joined;
  private List<CompletableFuture<ByteBuffer>> waiting = new ArrayList<>();
  private String firstFailure;

  /**
   * Opens the desk of a run.
   *
   * @param run a random number
   * @param ranks N
   * @param listen where to listen
   * @param watcher hears of steps
   */
  public Rendezvous(long run, int ranks, Hub.Listen listen, Consumer<StepRecord> watcher) {
    this(Hub.open(listen), run, ranks, watcher);
  }

  Rendezvous(Hub hub, long run, int ranks, Consumer<StepRecord> watcher) {
    this.hub = hub;
    this.watcher = watcher;
    this.key = new Hub.DeskKey(run, true);
    this.ranks = ranks;
    hub.register(key, this);
  }

  /** Where ranks find the driver. */
  public Address address() {
    return hub.address();
  }

  /** Begins an attempt; ranks of earlier ones are turned away. */
  public synchronized void begin(int attempt) {
    this.attempt = attempt;
    turnAway("attempt %d has begun".formatted(attempt));
    table = new Address[ranks];
    joined = 0;
    firstFailure = null;
  }

  /** The first failure that a rank reported in this attempt. */
  public synchronized Optional<String> firstFailure() {
    return Optional.ofNullable(firstFailure);
  }

  @Override
  public synchronized void receive(
      String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
    if (head.attempt() != attempt || head.sender() < 0 || head.sender() >= ranks) {
      throw new IllegalArgumentException(
          "rank %d of attempt %d: want one of %d ranks of attempt %d"
              .formatted(head.sender(), head.attempt(), ranks, attempt));
    }
    if (head.kind() == Kind.FAILED) {
      String message = Frame.getText(body);
      Frame.checkEnd(body);
      if (firstFailure == null) {
        firstFailure = message;
      }
      turnAway(message);
      answer.complete(null);
      return;
    }
    if (head.kind() == Kind.STEP) {
      StepRecord step = Frame.getStep(body, head.step());
      Frame.checkEnd(body);
      watcher.accept(step);
      answer.complete(null);
      return;
    }
    if (firstFailure != null) {
      answer.completeExceptionally(new IllegalStateException(firstFailure));
      return;
    }
    Address address = Frame.getAddress(body);
    Frame.checkEnd(body);
    if (table[head.sender()] == null) {
      joined++;
    }
    table[head.sender()] = address;
    waiting.add(answer);
    if (joined == ranks) {
      List<CompletableFuture<ByteBuffer>> all = waiting;
      waiting = new ArrayList<>();
      ByteBuffer bytes = encode(table);
      all.forEach(rank -> rank.complete(bytes.duplicate()));
    }
  }

  private void turnAway(String reason) {
    List<CompletableFuture<ByteBuffer>> all = waiting;
    waiting = new ArrayList<>();
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

  @Override
  public void disconnected(String peer) {}

  @Override
  public void close() {
    synchronized (this) {
      turnAway("the driver has closed the run");
    }
    Hub.close(hub, key, this);
  }
}
