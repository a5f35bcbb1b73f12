package dev.lockstep.cli;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private Signals() {}

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
