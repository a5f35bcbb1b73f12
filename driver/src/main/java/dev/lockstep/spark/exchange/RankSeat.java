package dev.lockstep.spark.exchange;

import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.network.Slice;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The place of one rank in an attempt of a round: joins the others through the driver, takes part
 * in their steps, and leaves. For use by one thread.
 */
public final class RankSeat implements AutoCloseable {
  private static final Map<Long, Table> TABLES = new HashMap<>();

  private final Invitation invitation;
  private final int rank;
  private final Hub hub;
  private Group group;

  /** The ranks of this JVM that sit together. */
  private static final class Table {
    final Group group;
    int seats;

    Table(Group group) {
      this.group = group;
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
    Address self = hub.address();
    ByteBuffer frame = head(Kind.JOIN, state.step()).begin(Frame.sizeOf(self));
    Frame.putAddress(frame, self);
    Placement placement = Placement.of(Rendezvous.decode(ask(frame.flip())));
    synchronized (TABLES) {
      Table table = TABLES.get(invitation.run());
      if (table == null || table.group.attempt() != invitation.attempt()) {
        table =
            new Table(
                new Group(
                    hub,
                    invitation.run(),
                    invitation.attempt(),
                    placement,
                    training,
                    state,
                    invitation.timeoutMillis()));
        TABLES.put(invitation.run(), table);
        hub.register(deskKey(), table.group);
      }
      table.seats++;
      group = table.group;
    }
  }

  /** Tells the driver and the ranks of this JVM why this rank gives up. */
  public void fail(String reason) {
    ByteBuffer frame = head(Kind.FAILED, 0).begin(Frame.sizeOf(reason));
    Frame.putText(frame, reason);
    try {
      ask(frame.flip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | RuntimeException e) {
      // The driver is gone or has given up on this attempt; it then needs no reason.
    }
    if (group != null) {
      group.fail(reason);
    }
  }

  private Frame head(Kind kind, long step) {
    return new Frame(kind, invitation.run(), invitation.attempt(), rank, step);
  }

  private Hub.DeskKey deskKey() {
    return new Hub.DeskKey(invitation.run(), false);
  }

  private ByteBuffer ask(ByteBuffer frame) throws InterruptedException, TimeoutException {
    try {
      return hub.send(invitation.driver(), frame)
          .get(invitation.timeoutMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException(
          "rank %d waited %d ms (exchange.timeout) for the other ranks to join"
              .formatted(rank, invitation.timeoutMillis()));
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

  /** Sums of squares; this rank sets those of its own panels; complete after {@link #spread}. */
  public double[] squares() {
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

  /** Gives this rank's new slices and takes all others; whether all of them are finite. */
  public boolean spread(long step, boolean isFinite) throws InterruptedException, TimeoutException {
    return group.spread(rank, step, isFinite);
  }

  @Override
  public void close() {
    synchronized (TABLES) {
      Table table = TABLES.get(invitation.run());
      if (group != null && table != null && table.group == group && --table.seats == 0) {
        TABLES.remove(invitation.run());
        hub.unregister(deskKey(), group);
      }
    }
  }
}
