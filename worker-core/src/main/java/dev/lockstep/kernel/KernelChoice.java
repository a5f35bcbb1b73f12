package dev.lockstep.kernel;

import java.util.List;
import java.util.function.IntFunction;

/**
 * The kernels that a run uses, and why.
 *
 * @param kernels the implementation
 * @param reason one sentence: why this one, and the remedy where a faster one is out of reach
 */
public record KernelChoice(Kernels kernels, String reason) {
  /** The names that {@link #of} knows. */
  public static final List<String> NAMES =
      List.of("auto", "scalar", "vector128", "vector256", "vector512");

  private static final String FACTORY = "dev.lockstep.kernel.vector.VectorKernelsFactory";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String FLAG = "--add-modules=" + MODULE;

  /**
   * The kernels of a name out of {@link #NAMES}.
   *
   * @throws IllegalArgumentException for an unknown name, or a width that this CPU or JVM lacks
   */
  public static KernelChoice of(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("kernel %s: want one of %s".formatted(name, NAMES));
    }
    if (name.equals("scalar")) {
      return new KernelChoice(Kernels.SCALAR, "scalar kernels, as configured");
    }
    boolean auto = name.equals("auto");
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      String remedy = "the Java module %s is absent: pass %s to java".formatted(MODULE, FLAG);
      if (auto) {
        return new KernelChoice(
            Kernels.SCALAR, "scalar kernels (several times slower), because " + remedy);
      }
      throw new IllegalArgumentException("kernel %s: %s".formatted(name, remedy));
    }
    IntFunction<Kernels> factory = factory();
    if (!auto) {
      int bits = Integer.parseInt(name.substring("vector".length()));
      return new KernelChoice(factory.apply(bits), name + " kernels, as configured");
    }
    Kernels widest = factory.apply(0);
    return new KernelChoice(
        widest, widest.name() + " kernels, the widest that this CPU and JVM have");
  }

  @SuppressWarnings("unchecked")
  private static IntFunction<Kernels> factory() {
    try {
      return Class.forName(FACTORY)
          .asSubclass(IntFunction.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot load " + FACTORY, e);
    }
  }
}
