package dev.lockstep.cli;

import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Takes SIGINT and SIGTERM instead of the JVM, until closed. The classes are those of the supported
 * module jdk.unsupported; javac warns of them in a way that cannot be silenced, so they are reached
 * by name.
 */
final class Signals {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  /** Who was there before, by signal. */
  private final Map<Object, Object> before = new LinkedHashMap<>();

  private static final Duration SAME_SIGNAL = Duration.ofMillis(500);

  private Signals() {}

  /** What a signal can stop. */
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does some work that the first signal stops, which takes a moment. A later one ends the JVM at
   * once; but one that comes together with the first is the same, sent by both the shell and a
   * launcher.
   *
   * @param caught receives the number of the signal
   * @param interrupt stops the work; takes the exit code
   */
  static <T> T during(AtomicInteger caught, IntConsumer interrupt, Work<T> work)
      throws IOException {
    AtomicLong since = new AtomicLong();
    IntConsumer handler =
        signal -> {
          if (caught.compareAndSet(0, signal)) {
            since.set(System.nanoTime());
            System.err.println("stopping; a second signal ends the run without a checkpoint");
            interrupt.accept(ExitCode.ofSignal(signal));
          } else if (System.nanoTime() - since.get() > SAME_SIGNAL.toNanos()) {
            Runtime.getRuntime().halt(ExitCode.ofSignal(signal));
          }
        };
    Signals signals = handle(handler);
    try {
      return work.run();
    } finally {
      signals.close();
    }
  }

  /** Calls {@code handler} with the number of each SIGINT and SIGTERM, in a thread of its own. */
  static Signals handle(IntConsumer handler) {
    Signals signals = new Signals();
    try {
      Class<?> handlerType = Class.forName(HANDLER);
      Object proxy =
          Proxy.newProxyInstance(
              handlerType.getClassLoader(),
              new Class<?>[] {handlerType},
              (self, method, args) -> {
                handler.accept((int) Class.forName(SIGNAL).getMethod("getNumber").invoke(args[0]));
                return null;
              });
      for (String name : List.of("INT", "TERM")) {
        Object signal = Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
        signals.before.put(signal, install(signal, proxy));
      }
      return signals;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM cannot handle signals", e);
    }
  }

  private static Object install(Object signal, Object handler) throws ReflectiveOperationException {
    return Class.forName(SIGNAL)
        .getMethod("handle", Class.forName(SIGNAL), Class.forName(HANDLER))
        .invoke(null, signal, handler);
  }

  /** Gives the signals back. */
  void close() {
    try {
      for (Map.Entry<Object, Object> entry : before.entrySet()) {
        install(entry.getKey(), entry.getValue());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM cannot handle signals", e);
    }
  }
}
