package dev.lockstep.spark.exchange;

import dev.lockstep.engine.PanelSquares;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The place of one rank in an attempt: joins the others through the driver, takes part in their
 * steps, brings the driver its part of the new state, stays for as many rounds as follow at once,
 * and leaves. For use by one thread.
 */
public final class RankSeat implements AutoCloseable {
  private static final Map<Long, Table> TABLES = new HashMap<>();
  private static final long TELL_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Characters; a reason is a sentence or two. */
  private static final int MAX_REASON = 10_000;

  private final Invitation invitation;
  private final int rank;
  private final Hub hub;
  private Table table;
  private Group group;
  private long toldAt = System.nanoTime();

  /**
   * The ranks of this JVM that sit together. The table stands before they join: others may send
   * their first sums before this JVM has heard who is where, and those are kept until it has: one
   * frame from each, since nobody goes on without the sums of this JVM.
   */
  private static final class Table implements Hub.Desk {
    final int attempt;
    final CompletableFuture<Group> group = new CompletableFuture<>();
    final Set<String> early = ConcurrentHashMap.newKeySet();
    int seats;

    Table(int attempt) {
      this.attempt = attempt;
    }

    @Override
    public void receive(
        String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
      if (group.isDone()) {
        group.join().receive(peer, head, body, answer);
        return;
      }
      if (!early.add(peer)) {
        throw new IllegalStateException(
            "a second %s frame before this JVM knows its peers".formatted(head.kind()));
      }
      ByteBuffer kept = ByteBuffer.allocate(body.remaining()).put(body).flip();
      kept.order(ByteOrder.LITTLE_ENDIAN);
      CompletableFuture<Void> unused =
          group
              .thenAccept(seated -> seated.receive(peer, head, kept, answer))
              .whenComplete(
                  (done, error) -> {
                    if (error != null) {
                      answer.completeExceptionally(error);
                    }
                  });
    }

    @Override
    public void disconnected(String peer) {
      if (group.isDone() && !group.isCompletedExceptionally()) {
        group.join().disconnected(peer);
      }
    }
  }

  /**
   * What a rank needs to know to take its seat.
   *
   * @param run a random number of the engine
   * @param attempt the attempt
   * @param driver where the rendezvous is
   * @param timeoutMillis how long to wait for anybody
   * @param listen where this JVM listens
   */
  public record Invitation(
      long run, int attempt, Address driver, long timeoutMillis, Hub.Listen listen)
      implements Serializable {}

  public RankSeat(Invitation invitation, int rank) {
    this.invitation = invitation;
    this.rank = rank;
    this.hub = Hub.open(invitation.listen());
  }

  /** Waits until all ranks are there; then this JVM's ranks share a copy of the state. */
  public void join(Training training, State state) throws InterruptedException, TimeoutException {
    hub.expect(Group.largestFrame(training));
    sitDown();
    Address self = hub.address();
    ByteBuffer frame = head(Kind.JOIN, state.step()).begin(Frame.sizeOf(self));
    Frame.putAddress(frame, self);
    Placement placement =
        Placement.of(Rendezvous.decode(ask(frame.flip(), "the other ranks to join")));
    synchronized (TABLES) {
      if (!table.group.isDone()) {
        table.group.complete(
            new Group(
                hub,
                invitation.run(),
                invitation.attempt(),
                placement,
                training,
                state,
                invitation.timeoutMillis()));
      }
      group = table.group.join();
    }
  }

  private void sitDown() {
    synchronized (TABLES) {
      Table present = TABLES.get(invitation.run());
      if (present != null && present.attempt > invitation.attempt()) {
        throw new IllegalStateException("attempt %d has begun".formatted(present.attempt));
      }
      if (present == null || present.attempt < invitation.attempt()) {
        present = new Table(invitation.attempt());
        TABLES.put(invitation.run(), present);
        hub.register(deskKey(), present);
      }
      present.seats++;
      table = present;
    }
  }

  /** Tells the driver and the ranks of this JVM why this rank gives up. */
  public void fail(String reason) {
    String sent = reason.substring(0, Math.min(reason.length(), MAX_REASON));
    ByteBuffer frame = head(Kind.FAILED, 0).begin(Frame.sizeOf(sent));
    Frame.putText(frame, sent);
    tellLast(frame);
    if (group != null) {
      group.fail(reason);
    }
  }

  /** Tells the driver that this rank was interrupted; Spark interrupts the others too. */
  public void interrupted() {
    tellLast(head(Kind.INTERRUPTED, 0).begin(0));
  }

  private void tellLast(ByteBuffer frame) {
    try {
      ByteBuffer unused = ask(frame.flip(), "the driver to hear of a failure");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | RuntimeException e) {
      // The driver is gone or has given up on this attempt; it then needs no reason.
    }
  }

  /** Tells the driver of a step, at most a few times a second; nobody waits for it. */
  public void tell(StepRecord step) {
    long now = System.nanoTime();
    if (now - toldAt < TELL_EVERY_NANOS) {
      return;
    }
    toldAt = now;
    ByteBuffer frame = head(Kind.STEP, step.step()).begin(Frame.STEP_BYTES);
    Frame.putStep(frame, step);
    CompletableFuture<ByteBuffer> unused = hub.send(invitation.driver(), frame.flip());
  }

  private Frame head(Kind kind, long step) {
    return new Frame(kind, invitation.run(), invitation.attempt(), rank, step);
  }

  private Hub.DeskKey deskKey() {
    return new Hub.DeskKey(invitation.run(), false);
  }

  private ByteBuffer ask(ByteBuffer frame, String what)
      throws InterruptedException, TimeoutException {
    try {
      return hub.send(invitation.driver(), frame)
          .get(invitation.timeoutMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException(
          "rank %d waited %d ms (exchange.timeout) for %s"
              .formatted(rank, invitation.timeoutMillis(), what));
    } catch (ExecutionException e) {
      throw new Inbox.PeerFailedException(String.valueOf(e.getCause().getMessage()));
    }
  }

  /** The parameters of the step, in panel order; read-only until {@link #total}. */
  public float[] parameters() {
    return group.parameters();
  }

  /** The optimiser's vectors; this rank updates its own slices. */
  public float[][] slots() {
    return group.slots();
  }

  /**
   * Sums of squares; this rank sets those of its own panels; complete after {@link #gather} or
   * {@link #spread}.
   */
  public PanelSquares squares() {
    return group.squares();
  }

  /** The slices that this rank owns. */
  public List<Slice> slices(Training training) {
    return group.placement().slicesOf(rank, training.network().layout());
  }

  /** Gives the sums of this rank's shards; the sum over all shards, for the slices it owns. */
  public NodeSum total(long step, PartialSums sums) throws InterruptedException, TimeoutException {
    group.publish(rank, step, sums);
    return group.total(rank, step);
  }

  /** Exchanges the squares that the owners have measured. */
  public void gather(long step, Measure measure) throws InterruptedException, TimeoutException {
    group.gather(rank, step, measure);
  }

  /** Gives this rank's new slices and takes all others; whether all of them are finite. */
  public boolean spread(long step, boolean isFinite) throws InterruptedException, TimeoutException {
    return group.spread(rank, step, isFinite);
  }

  /** Nanoseconds that this rank has waited for others since it joined. */
  public long waitedNanos() {
    return group.waitedNanos(rank);
  }

  /**
   * Brings the driver this rank's slices and its report of a round, and stays for the next one.
   *
   * @return the next round; none if this rank is to leave
   */
  public Optional<Round> done(Round round, Training training, RankReport report)
      throws InterruptedException, TimeoutException {
    if (report.diverged() == null) {
      bringSlices(round, training);
    }
    ByteBuffer frame = head(Kind.DONE, round.end()).begin(report.size());
    report.put(frame);
    ByteBuffer answer = ask(frame.flip(), "the driver to begin the next round");
    answer.order(ByteOrder.LITTLE_ENDIAN);
    int steps = answer.getInt();
    return steps == Rendezvous.LEAVE
        ? Optional.empty()
        : Optional.of(new Round(round.end(), steps));
  }

  /**
   * One frame after another, each of no more than one slice or {@link RoundReports#BATCH_BYTES}.
   */
  private void bringSlices(Round round, Training training)
      throws InterruptedException, TimeoutException {
    List<Slice> own = slices(training);
    int first = own.isEmpty() ? 0 : training.network().layout().slices().indexOf(own.get(0));
    for (int from = 0; from < own.size(); ) {
      int to = from + 1;
      while (to < own.size() && size(own.subList(from, to + 1)) <= RoundReports.BATCH_BYTES) {
        to++;
      }
      List<Slice> batch = own.subList(from, to);
      ByteBuffer frame = head(Kind.SLICES, round.end()).begin(size(batch));
      RoundReports.put(frame, first + from, batch, parameters(), slots());
      ByteBuffer unused = ask(frame.flip(), "the driver to take the new state");
      from = to;
    }
  }

  private long size(List<Slice> slices) {
    return RoundReports.size(slices, slots().length);
  }

  @Override
  public void close() {
    synchronized (TABLES) {
      if (table != null && --table.seats == 0) {
        TABLES.remove(invitation.run(), table);
        hub.unregister(deskKey(), table);
        table.group.completeExceptionally(
            new IllegalStateException("attempt %d has ended".formatted(table.attempt)));
      }
    }
  }
}
