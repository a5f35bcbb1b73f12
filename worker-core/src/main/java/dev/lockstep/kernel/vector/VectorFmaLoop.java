package dev.lockstep.kernel.vector;

import dev.lockstep.kernel.FmaLoop;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FmaLoop} with vectors. Defined by {@link VectorKernelsFactory}, like the kernels. */
final class VectorFmaLoop implements FmaLoop {
  private static final VectorSpecies<Float> SPECIES =
      VectorKernelsFactory.species(MethodHandles.lookup());

  VectorFmaLoop() {}

  @Override
  public long flops() {
    return 2L * CHAINS * SPECIES.length();
  }

  @Override
  public float run(int rounds) {
    // Each chain stays near 1, so nothing overflows and nothing becomes denormal.
    FloatVector a = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector b = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector s0 = FloatVector.broadcast(SPECIES, 1.0f);
    FloatVector s1 = FloatVector.broadcast(SPECIES, 1.0625f);
    FloatVector s2 = FloatVector.broadcast(SPECIES, 1.125f);
    FloatVector s3 = FloatVector.broadcast(SPECIES, 1.1875f);
    FloatVector s4 = FloatVector.broadcast(SPECIES, 1.25f);
    FloatVector s5 = FloatVector.broadcast(SPECIES, 1.3125f);
    FloatVector s6 = FloatVector.broadcast(SPECIES, 1.375f);
    FloatVector s7 = FloatVector.broadcast(SPECIES, 1.4375f);
    FloatVector s8 = FloatVector.broadcast(SPECIES, 1.5f);
    FloatVector s9 = FloatVector.broadcast(SPECIES, 1.5625f);
    FloatVector s10 = FloatVector.broadcast(SPECIES, 1.625f);
    FloatVector s11 = FloatVector.broadcast(SPECIES, 1.6875f);
    for (int r = 0; r < rounds; r++) {
      s0 = s0.fma(a, b);
      s1 = s1.fma(a, b);
      s2 = s2.fma(a, b);
      s3 = s3.fma(a, b);
      s4 = s4.fma(a, b);
      s5 = s5.fma(a, b);
      s6 = s6.fma(a, b);
      s7 = s7.fma(a, b);
      s8 = s8.fma(a, b);
      s9 = s9.fma(a, b);
      s10 = s10.fma(a, b);
      s11 = s11.fma(a, b);
    }
    FloatVector sum =
        s0.add(s1)
            .add(s2)
            .add(s3)
            .add(s4)
            .add(s5)
            .add(s6)
            .add(s7)
            .add(s8)
            .add(s9)
            .add(s10)
            .add(s11);
    float total = 0f;
    for (int lane = 0; lane < SPECIES.length(); lane++) {
      total += sum.lane(lane);
    }
    return total;
  }
}
