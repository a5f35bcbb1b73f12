package dev.lockstep.serialization.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.serialization.FormatException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TensorTest {
  private static Tensor tensor(String name) {
    return new Tensor(name, List.of(), new float[1]);
  }

  @Test
  void refusesAShapeThatDoesNotFit() {
    assertThatThrownBy(() -> new Tensor("w", List.of(2, 3), new float[5]))
        .hasMessage(
            "tensor w has shape [2, 3] and 5 values; want as many values as the shape's product");
    assertThatThrownBy(() -> new Tensor("w", List.of(-1, -5), new float[5]))
        .hasMessage("tensor w has shape [-1, -5]; want dimensions of 0 or more");
  }

  @Test
  void refusesAProductThatWrapsAround() {
    assertThatThrownBy(() -> new Tensor("w", List.of(1 << 30, 1 << 30, 16), new float[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void multipliesWithoutOverflow() {
    int max = Integer.MAX_VALUE;
    assertThat(Tensor.elements(List.of())).isEqualTo(1);
    assertThat(Tensor.elements(List.of(max, max))).isEqualTo((long) max * max);
    assertThat(Tensor.elements(List.of(max, max, 2, 2))).isEqualTo(Long.MAX_VALUE);
    assertThat(Tensor.elements(List.of(max, max, max, 0))).isZero();
  }

  @Test
  void aFileFindsItsTensors() {
    Tensor b = tensor("b");
    var file = new SafetensorsFile(Map.of(), List.of(tensor("a"), b));
    assertThat(file.tensor("b")).isSameAs(b);
    assertThatThrownBy(() -> file.tensor("c"))
        .isInstanceOf(FormatException.class)
        .hasMessage("tensor c is missing among the 2 tensors of the file");
  }

  @Test
  void aFileSortsItsMetadata() {
    var file = new SafetensorsFile(Map.of("b", "2", "a", "1", "c", "3"), List.of());
    assertThat(file.metadata())
        .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
  }

  @Test
  void aFileRefusesNamesThatCollide() {
    assertThatThrownBy(() -> new SafetensorsFile(Map.of(), List.of(tensor("a"), tensor("a"))))
        .hasMessage("two tensors are named a; want names that differ");
    assertThatThrownBy(() -> new SafetensorsFile(Map.of(), List.of(tensor("__metadata__"))))
        .hasMessageContaining("keeps for itself");
  }

  @Test
  void aFileRefusesHalfASurrogatePair() {
    assertThatThrownBy(() -> new SafetensorsFile(Map.of(), List.of(tensor("\ud800"))))
        .hasMessageContaining("half a surrogate pair");
    assertThatThrownBy(() -> new SafetensorsFile(Map.of("\udc00", ""), List.of()))
        .hasMessageContaining("half a surrogate pair");
    assertThatThrownBy(() -> new SafetensorsFile(Map.of("", "\ud800x"), List.of()))
        .hasMessageContaining("half a surrogate pair");
  }
}
