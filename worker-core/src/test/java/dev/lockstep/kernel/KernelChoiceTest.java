package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.fixture.KernelWidths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelChoiceTest {
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void givesTheWidthThatItIsAskedFor(int bits) {
    assertThat(KernelWidths.vector(bits).name()).isEqualTo("vector" + bits);
  }

  @Test
  void autoIsTheWidest() {
    KernelChoice auto = KernelChoice.of("auto");
    assertThat(auto.kernels().name())
        .isEqualTo(KernelWidths.all().get(KernelWidths.all().size() - 1).name());
    assertThat(auto.reason()).contains(auto.kernels().name());
  }

  @Test
  void scalarIsAlwaysThere() {
    assertThat(KernelChoice.of("scalar").kernels()).isSameAs(Kernels.SCALAR);
  }

  @Test
  void refusesAnUnknownNameNamingTheKnownOnes() {
    assertThatThrownBy(() -> KernelChoice.of("vector1024"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vector1024")
        .hasMessageContaining("auto, scalar, vector128, vector256, vector512");
  }
}
