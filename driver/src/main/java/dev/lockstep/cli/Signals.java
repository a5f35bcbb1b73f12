package dev.lockstep.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Takes SIGINT and SIGTERM instead of the JVM. The classes are those of the supported module
 * jdk.unsupported; javac warns of them in a way that cannot be silenced, so they are reached by
 * name.
 */
final class Signals {
  private Signals() {}

  /** Calls {@code handler} with the number of each SIGINT and SIGTERM, in a thread of its own. */
  static void handle(IntConsumer handler) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handlerType.getClassLoader(),
              new Class<?>[] {handlerType},
              (self, method, args) -> {
                handler.accept((int) signalType.getMethod("getNumber").invoke(args[0]));
                return null;
              });
      for (String name : List.of("INT", "TERM")) {
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, proxy);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM cannot handle signals", e);
    }
  }
}
