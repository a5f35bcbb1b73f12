package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductTest {
  private static final Network NETWORK =
      NetworkParser.parse(
          784, List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10"));

  @Test
  void workOfOneExample() {
    long flops = Product.of(NETWORK, 1).stream().mapToLong(Product::flops).sum();
    // Three products a layer, two for the first: its input gradient is nobody's.
    long weights = 784 * 256 + 256 * 128 + 128 * 64 + 64 * 10;
    assertThat(flops).isEqualTo(2 * (3 * weights - 784 * 256)).isEqualTo(1_052_416);
  }

  @Test
  void bytesAreThoseOfOperandsAndResults() {
    assertThat(new Product(Direction.FORWARD, 64, 784, 256).bytes())
        .isEqualTo(4 * (64 * 784 + 785 * 256 + 64 * 256));
    assertThat(new Product(Direction.WEIGHT_GRADIENT, 64, 784, 256).bytes())
        .isEqualTo(4 * (64 * 784 + 785 * 256 + 64 * 256));
    assertThat(new Product(Direction.INPUT_GRADIENT, 64, 256, 128).bytes())
        .isEqualTo(4 * (64 * 256 + 256 * 128 + 64 * 128));
    Product transpose = new Product(Direction.TRANSPOSE, 64, 256, 128);
    assertThat(transpose.bytes()).isEqualTo(4 * 2 * 256 * 128);
    assertThat(transpose.flops()).isZero();
  }

  @Test
  void theLowerRoofBounds() {
    Product product = new Product(Direction.INPUT_GRADIENT, 100, 100, 100);
    double intensity = 2e6 / 120_000;
    assertThat(product.intensity()).isCloseTo(intensity, within(1e-12));
    assertThat(product.bound(140, 100)).isEqualTo(140);
    assertThat(product.bound(140, 1)).isCloseTo(intensity, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void everyProductRunsAtEverySizeOfBatch(Direction direction) {
    for (int rows : new int[] {1, 16, 100, 256, 512}) {
      ProductRun run =
          new ProductRun(new Product(direction, rows, 40, 10), Kernels.SCALAR.matrix());
      run.run();
      run.run();
    }
  }

  @Test
  void blocksAreWhole() {
    Product product = new Product(Direction.FORWARD, 600, 40, 10);
    assertThatThrownBy(() -> new ProductRun(product, Kernels.SCALAR.matrix()))
        .hasMessage("600 rows: want at most 256 or a multiple of it");
  }
}
