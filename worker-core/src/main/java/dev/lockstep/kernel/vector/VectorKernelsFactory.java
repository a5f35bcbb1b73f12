package dev.lockstep.kernel.vector;

import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.FmaLoop;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.MatrixKernels;
import java.io.InputStream;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes {@link VectorKernels} of a given width: one hidden class for each width, with its species
 * as class data. {@code apply(0)} is the widest that the CPU has; a width that it lacks is refused,
 * because its emulation is slower than scalar code by orders of magnitude.
 */
public final class VectorKernelsFactory implements IntFunction<Kernels> {
  private static final String NAME = "vector";
  private static final Map<Integer, Kernels> MADE = new ConcurrentHashMap<>();

  @Override
  public Kernels apply(int bits) {
    int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    int wanted = bits == 0 ? Math.min(widest, 512) : bits;
    if (wanted > widest) {
      throw new IllegalArgumentException(
          "kernel vector%d: this CPU and JVM have vectors of at most %d bits; use kernel = auto"
              .formatted(wanted, widest));
    }
    return MADE.computeIfAbsent(wanted, VectorKernelsFactory::define);
  }

  /** The loop with the vectors of the kernels of a name. */
  static FmaLoop fmaLoop(String kernel) {
    int bits = Integer.parseInt(kernel.substring(NAME.length()));
    return define(FmaLoop.class, VectorFmaLoop.class, species(bits));
  }

  private static VectorSpecies<Float> species(int bits) {
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  private static Kernels define(int bits) {
    VectorSpecies<Float> species = species(bits);
    return new Kernels(
        NAME + bits,
        define(MatrixKernels.class, VectorMatrixKernels.class, species),
        define(ElementKernels.class, VectorElementKernels.class, species));
  }

  /** An instance of a class, defined anew as a hidden class with a species as its class data. */
  private static <T> T define(
      Class<T> type, Class<? extends T> template, VectorSpecies<?> species) {
    try (InputStream in = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      MethodHandles.Lookup hidden =
          MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), species, true);
      MethodType noArguments = MethodType.methodType(void.class);
      return type.cast(hidden.findConstructor(hidden.lookupClass(), noArguments).invoke());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot define %s".formatted(template.getSimpleName()), e);
    }
  }

  /** The species that a hidden class was defined with. */
  @SuppressWarnings("unchecked")
  static VectorSpecies<Float> species(MethodHandles.Lookup hidden) {
    try {
      return MethodHandles.classData(hidden, ConstantDescs.DEFAULT_NAME, VectorSpecies.class);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("no class data", e);
    }
  }
}
