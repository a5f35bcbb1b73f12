package dev.lockstep.kernel.vector;

import dev.lockstep.kernel.Kernels;
import java.io.IOException;
import java.io.InputStream;
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

  private static Kernels define(int bits) {
    VectorSpecies<Float> species = VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    String resource = "VectorKernels.class";
    try (InputStream in = VectorKernelsFactory.class.getResourceAsStream(resource)) {
      MethodHandles.Lookup hidden =
          MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), species, true);
      return (Kernels)
          hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException("cannot define the kernels of " + bits + " bits", e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot make the kernels of " + bits + " bits", e);
    }
  }
}
