package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticGateTest {
  /** Each example as {@code inputs=label}, with a digit for each input. */
  private static List<String> read(ExampleSource source, LongPredicate wanted) throws IOException {
    List<String> examples = new ArrayList<>();
    source.read(
        wanted,
        (index, pixels, offset, label) -> {
          StringBuilder text = new StringBuilder();
          for (int i = offset; i < offset + source.features(); i++) {
            assertThat(pixels.get(i)).isIn((byte) 0, (byte) 255);
            text.append(pixels.get(i) == 0 ? 0 : 1);
          }
          examples.add(text + "=" + label);
        });
    return examples;
  }

  @ParameterizedTest
  @CsvSource({
    "and, 00=0 01=0 10=0 11=1",
    "or, 00=0 01=1 10=1 11=1",
    "not, 0=1 1=0",
    "nand, 00=1 01=1 10=1 11=0",
    "xor, 00=0 01=1 10=1 11=0"
  })
  void tables(String of, String table) throws IOException {
    for (Split split : Split.values()) {
      ExampleSource source = SyntheticData.parse("synthetic:gate?of=" + of, split);
      assertThat(read(source, i -> true)).containsExactly(table.split(" "));
      assertThat(source.examples()).isEqualTo(table.split(" ").length);
      assertThat(source.shape()).containsExactly(of.equals("not") ? 1 : 2);
    }
  }

  @Test
  void tablesRepeat() throws IOException {
    ExampleSource source = SyntheticData.parse("synthetic:gate?n=8&of=and", Split.TRAIN);
    assertThat(source.examples()).isEqualTo(8);
    assertThat(read(source, i -> i == 3 || i >= 6)).containsExactly("11=1", "10=0", "11=1");
  }

  @ParameterizedTest
  @EnumSource
  void namesReadBack(SyntheticGate.Gate gate) {
    String name = new SyntheticGate(gate, gate.rows() * 3).name();
    assertThat(SyntheticData.parse(name, Split.TEST).name()).isEqualTo(name);
  }

  @Test
  void nameHasAllSettings() {
    assertThat(SyntheticData.parse("synthetic:gate?of=not", Split.TRAIN).name())
        .isEqualTo("synthetic:gate?of=not&n=2");
  }

  @Test
  void unknownGate() {
    fails(
        "synthetic:gate?of=nor",
        "of = 'nor' in 'synthetic:gate?of=nor': want one of and, or, not, nand, xor");
    fails("synthetic:gate", "of = '' in 'synthetic:gate': want one of and, or, not, nand, xor");
  }

  @Test
  void unknownSetting() {
    fails(
        "synthetic:gate?of=or&seed=1",
        "unknown setting 'seed' in 'synthetic:gate?of=or&seed=1': want of or n, as in"
            + " synthetic:gate?of=xor&n=4");
    fails("synthetic:gate?of=or&of=or", "of is set twice in 'synthetic:gate?of=or&of=or': keep");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6})
  void noWholeTable(int n) {
    String uri = "synthetic:gate?of=or&n=" + n;
    fails(
        uri,
        "n = '%d' in '%s': want a multiple of the 4 rows of its truth table".formatted(n, uri));
  }

  @Test
  void sizeOfTheConstructor() {
    assertThatThrownBy(() -> new SyntheticGate(SyntheticGate.Gate.NOT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n = 0 examples of NOT: want a multiple of the 2 rows of its truth table");
  }

  private static void fails(String uri, String message) {
    assertThatThrownBy(() -> SyntheticData.parse(uri, Split.TRAIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
