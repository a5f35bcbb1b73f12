package dev.lockstep.train;

import dev.lockstep.engine.Engine;

/**
 * A request to stop, which may come at any time from another thread. While a run waits for
 * executors and data it interrupts that thread; once there is an engine it cancels the round.
 */
final class Interruption {
  private Thread preparing;
  private Engine engine;
  private boolean isRequested;
  private int exit;

  /** Asks for the stop. */
  synchronized void request(int exit) {
    isRequested = true;
    this.exit = exit;
    if (engine != null) {
      engine.cancel();
    } else if (preparing != null) {
      preparing.interrupt();
    }
  }

  synchronized boolean isRequested() {
    return isRequested;
  }

  /** The exit code that came with the request. */
  synchronized int exit() {
    return exit;
  }

  /** From here on a request interrupts the calling thread. */
  synchronized void beginPreparing() {
    preparing = Thread.currentThread();
    if (isRequested) {
      preparing.interrupt();
    }
  }

  /** From here on the calling thread may write files again. */
  synchronized void endPreparing() {
    preparing = null;
    boolean unused = Thread.interrupted();
  }

  /** From here on a request cancels this engine. */
  synchronized void cancels(Engine engine) {
    this.engine = engine;
    if (isRequested) {
      engine.cancel();
    }
  }
}
