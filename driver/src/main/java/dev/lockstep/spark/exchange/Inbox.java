package dev.lockstep.spark.exchange;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One lock for everything that ranks of a JVM wait for: each other, and frames. Every wait has a
 * deadline, and ends for all as soon as one has failed, with that failure as the reason.
 */
final class Inbox {
  /**
   * How long to look again and again before a thread goes to sleep: to be woken takes about as
   * long. Only where every party can have a core.
   */
  private static final long SPIN_NANOS = 100_000;

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final long timeoutMillis;
  private volatile String failure;
  private int waiting;
  private volatile long generation;

  Inbox(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  /** Changes something that others may wait for. */
  void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waits, now and later; the first reason counts. */
  void fail(String reason) {
    change(
        () -> {
          if (failure == null) {
            failure = reason;
          }
        });
  }

  /** Waits until so many parties have come to this place. */
  void meet(int parties, String what) throws InterruptedException, TimeoutException {
    long mine = come(parties);
    if (parties <= CORES) {
      long start = System.nanoTime();
      while (generation == mine && failure == null && System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      }
    }
    if (generation == mine) {
      await(() -> generation != mine, what);
    }
    check();
  }

  /** Counts a party that has come; the generation that ends when all have. */
  private long come(int parties) {
    lock.lock();
    try {
      long mine = generation;
      waiting++;
      if (waiting == parties) {
        waiting = 0;
        generation = mine + 1;
        changed.signalAll();
      }
      return mine;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is true, which is asked under the lock. */
  void await(BooleanSupplier condition, String what) throws InterruptedException, TimeoutException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      while (!condition.getAsBoolean()) {
        check();
        if (left <= 0) {
          throw new TimeoutException(
              "waited %d ms (exchange.timeout) for %s".formatted(timeoutMillis, what));
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void check() {
    if (failure != null) {
      throw new PeerFailedException(failure);
    }
  }

  /** A rank gives up because another has failed. */
  static final class PeerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PeerFailedException(String message) {
      super(message);
    }
  }
}
