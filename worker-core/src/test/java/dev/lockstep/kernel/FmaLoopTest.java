package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FmaLoopTest {
  @Test
  void scalarRoundIsTwoOperationsAChain() {
    assertThat(FmaLoop.of(Kernels.SCALAR).flops()).isEqualTo(2 * FmaLoop.CHAINS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector128", "auto"})
  void everyLaneDoesTheSame(String name) {
    FmaLoop loop = FmaLoop.of(KernelChoice.of(name).kernels());
    long lanes = loop.flops() / FmaLoop.SCALAR.flops();
    assertThat(lanes).isGreaterThanOrEqualTo(4);
    for (int rounds : new int[] {0, 1, 1000}) {
      assertThat(loop.run(rounds)).isEqualTo(lanes * FmaLoop.SCALAR.run(rounds));
    }
  }
}
