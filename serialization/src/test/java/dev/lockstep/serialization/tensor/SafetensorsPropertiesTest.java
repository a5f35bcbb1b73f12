package dev.lockstep.serialization.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafetensorsPropertiesTest {
  private static final int LENGTH = 8;

  @Provide
  Arbitrary<Map<String, String>> metadata() {
    return Arbitraries.maps(text(), text()).ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    Arbitrary<List<Integer>> shapes = Arbitraries.integers().between(0, 6).list().ofMaxSize(4);
    return shapes
        .list()
        .ofMaxSize(6)
        .flatMap(
            all ->
                text()
                    .filter(name -> !name.equals("__metadata__"))
                    .list()
                    .uniqueElements()
                    .ofSize(all.size())
                    .flatMap(
                        names -> Arbitraries.integers().map(seed -> tensors(names, all, seed))));
  }

  /** Any text that UTF-8 can hold, quotes and control characters among it. */
  private static Arbitrary<String> text() {
    return Arbitraries.strings().all().ofMaxLength(12).filter(SafetensorsFile::isText);
  }

  private static List<Tensor> tensors(List<String> names, List<List<Integer>> shapes, int seed) {
    List<Tensor> tensors = new ArrayList<>();
    for (int t = 0; t < names.size(); t++) {
      float[] values = new float[(int) Tensor.elements(shapes.get(t))];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.intBitsToFloat((seed + t * 31 + i) * 0x9E3779B1);
      }
      tensors.add(new Tensor(names.get(t), shapes.get(t), values));
    }
    return tensors;
  }

  @Property(tries = 500, seed = "1")
  void whatIsWrittenIsRead(
      @ForAll("metadata") Map<String, String> metadata, @ForAll("tensors") List<Tensor> tensors) {
    byte[] bytes = FileBytes.write(metadata, tensors);
    SafetensorsTest.assertSame(FileBytes.read(bytes), metadata, tensors);
    assertThat(FileBytes.write(metadata, tensors)).isEqualTo(bytes);
  }

  @Property(tries = 200, seed = "2")
  void dataBeginsAtAMultipleOfEight(
      @ForAll("metadata") Map<String, String> metadata, @ForAll("tensors") List<Tensor> tensors) {
    int data = tensors.stream().mapToInt(tensor -> 4 * tensor.values().length).sum();
    assertThat((FileBytes.write(metadata, tensors).length - data) % LENGTH).isZero();
  }
}
