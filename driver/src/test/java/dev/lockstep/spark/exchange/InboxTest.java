package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InboxTest {
  private static final long LONG = 60_000;

  private final List<Thread> threads = new ArrayList<>();

  private <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "inbox-test-" + threads.size());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return task;
  }

  /** Until all threads that were started wait with a deadline. */
  private void untilAllWait() {
    while (threads.stream().anyMatch(t -> t.getState() != Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void allMeetTimeAndAgain() throws InterruptedException, ExecutionException {
    Inbox inbox = new Inbox(LONG);
    int meetings = 200;
    AtomicInteger arrivals = new AtomicInteger();
    List<FutureTask<Boolean>> parties = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      parties.add(
          start(
              () -> {
                boolean complete = true;
                for (int m = 1; m <= meetings; m++) {
                  arrivals.incrementAndGet();
                  inbox.meet(3, "the others");
                  complete &= arrivals.get() >= 3 * m;
                }
                return complete;
              }));
    }
    for (FutureTask<Boolean> party : parties) {
      assertThat(party.get()).as("nobody left before all had come").isTrue();
    }
  }

  @Test
  void aChangeWakesThoseWhoWaitForIt() throws InterruptedException, ExecutionException {
    Inbox inbox = new Inbox(LONG);
    AtomicBoolean isThere = new AtomicBoolean();
    FutureTask<Boolean> waiter =
        start(
            () -> {
              inbox.await(isThere::get, "it");
              return isThere.get();
            });
    untilAllWait();
    inbox.change(() -> isThere.set(true));
    assertThat(waiter.get()).isTrue();
  }

  @Test
  void aFailureWakesAllWithTheFirstReason() throws InterruptedException, TimeoutException {
    Inbox inbox = new Inbox(LONG);
    List<FutureTask<Void>> waiters = new ArrayList<>();
    for (int w = 0; w < 2; w++) {
      waiters.add(
          start(
              () -> {
                inbox.meet(4, "the others");
                return null;
              }));
      waiters.add(
          start(
              () -> {
                inbox.await(() -> false, "what never comes");
                return null;
              }));
    }
    untilAllWait();
    inbox.fail("rank 3: out of memory");
    inbox.fail("rank 1: gave up");
    for (FutureTask<Void> waiter : waiters) {
      assertThatThrownBy(waiter::get)
          .cause()
          .isInstanceOf(Inbox.PeerFailedException.class)
          .hasMessage("rank 3: out of memory");
    }
    assertThatThrownBy(() -> inbox.meet(1, "nobody"))
        .isInstanceOf(Inbox.PeerFailedException.class)
        .hasMessage("rank 3: out of memory");
    inbox.await(() -> true, "what is there already");
  }

  @Test
  void everyWaitHasADeadline() {
    Inbox inbox = new Inbox(20);
    assertThatThrownBy(() -> inbox.await(() -> false, "sums of step 7"))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("waited 20 ms (exchange.timeout) for sums of step 7");
    assertThatThrownBy(() -> inbox.meet(2, "the other ranks of this JVM"))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("waited 20 ms (exchange.timeout) for the other ranks of this JVM");
  }
}
