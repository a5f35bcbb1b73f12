package dev.lockstep.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticDigitsTest {
  @Test
  void theFirstHundredNeverChange() throws IOException {
    assertThat(DigestOf.examples(new SyntheticDigits(100, 1, Split.TRAIN)))
        .isEqualTo("d46ad29bdc858dfe73d4db64b9029c373efc539a353359bc544852654df87b2b");
    assertThat(DigestOf.examples(new SyntheticDigits(600, 1, Split.TEST)))
        .isEqualTo("c8752f24d7e88d4851c16e6e7dea2728d6590085b11ba2d4ec57e6ab38090930");
  }

  @Test
  void anExampleDependsOnItsIndexAlone() throws IOException {
    SyntheticDigits large = new SyntheticDigits(60_000, 7, Split.TRAIN);
    SyntheticDigits small = new SyntheticDigits(150, 7, Split.TRAIN);
    assertThat(DigestOf.examples(large, i -> i < 150)).isEqualTo(DigestOf.examples(small));
    assertThat(DigestOf.examples(large, i -> i == 149))
        .isEqualTo(DigestOf.examples(small, i -> i == 149));
  }

  @Test
  void visitsOnlyTheWanted() throws IOException {
    List<Long> visited = new ArrayList<>();
    new SyntheticDigits(100, 1, Split.TRAIN)
        .read(i -> i % 30 == 5, (index, pixels, offset, label) -> visited.add(index));
    assertThat(visited).containsExactly(5L, 35L, 65L, 95L);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 1", "6, 1", "59, 9", "600, 100"})
  void testIsASixthOfTrain(int train, int test) {
    assertThat(new SyntheticDigits(train, 1, Split.TRAIN).examples()).isEqualTo(train);
    assertThat(new SyntheticDigits(train, 1, Split.TEST).examples()).isEqualTo(test);
  }

  @Test
  void labelsAreBalancedInRandomOrder() throws IOException {
    List<Integer> labels = new ArrayList<>();
    new SyntheticDigits(1003, 1, Split.TRAIN)
        .read(i -> true, (index, pixels, offset, label) -> labels.add(label));
    for (int digit = 0; digit < 10; digit++) {
      assertThat(Collections.frequency(labels, digit)).isBetween(100, 101);
    }
    Set<List<Integer>> orders = new HashSet<>();
    for (int i = 0; i < 1000; i += 10) {
      orders.add(List.copyOf(labels.subList(i, i + 10)));
    }
    assertThat(orders).hasSizeGreaterThan(95);
  }

  @Test
  void noTwoExamplesAreTheSame() throws IOException {
    Set<String> seen = new HashSet<>();
    for (long seed = 1; seed <= 2; seed++) {
      for (Split split : Split.values()) {
        int n = split == Split.TRAIN ? 200 : 1200;
        new SyntheticDigits(n, seed, split)
            .read(
                i -> true,
                (index, pixels, offset, label) ->
                    seen.add(ISO_8859_1.decode(pixels.duplicate()).toString()));
      }
    }
    assertThat(seen).hasSize(800);
  }

  @Test
  void isWhiteOnBlackLikeMnist() throws IOException {
    DataSummary summary = DataSummary.of(new SyntheticDigits(1000, 1, Split.TRAIN));
    assertThat(summary.shape()).containsExactly(28, 28);
    assertThat(summary.minPixel()).isEqualTo(0);
    assertThat(summary.maxPixel()).isBetween(250, 255);
    assertThat(summary.meanPixel()).isBetween(30.0, 42.0);
  }

  @Test
  void inkKeepsOffTheEdge() throws IOException {
    new SyntheticDigits(1000, 1, Split.TRAIN)
        .read(
            i -> true,
            (index, pixels, offset, label) -> {
              int edge = 0;
              for (int i = 0; i < 28; i++) {
                edge += pixels.get(i) | pixels.get(27 * 28 + i);
                edge += pixels.get(28 * i) | pixels.get(28 * i + 27);
              }
              assertThat(edge).as("ink on the edge of example %d", index).isZero();
            });
  }

  @Test
  void parsesItsOwnName() {
    ExampleSource digits = SyntheticData.parse("synthetic:digits?seed=-9&n=12", Split.TEST);
    assertThat(digits.name()).isEqualTo("synthetic:digits?n=12&seed=-9");
    assertThat(digits.examples()).isEqualTo(2);
    assertThat(SyntheticData.parse("synthetic:digits", Split.TRAIN).name())
        .isEqualTo("synthetic:digits?n=60000&seed=1");
    assertThat(SyntheticData.parse("synthetic:digits?n=12", Split.TRAIN).name())
        .isEqualTo("synthetic:digits?n=12&seed=1");
  }

  @Test
  void otherKindOfData() {
    fails(
        "synthetic:letters",
        "unknown synthetic data 'synthetic:letters': want synthetic:digits?n=60000&seed=1 or"
            + " synthetic:gate?of=xor&n=4");
  }

  @Test
  void unknownSetting() {
    fails(
        "synthetic:digits?m=5",
        "unknown setting 'm' in 'synthetic:digits?m=5': want n or seed, as in"
            + " synthetic:digits?n=60000&seed=1");
    fails("synthetic:digits?", "unknown setting '' in 'synthetic:digits?'");
    fails("synthetic:digits?n=5&", "unknown setting '' in 'synthetic:digits?n=5&'");
  }

  @ParameterizedTest
  @CsvSource({"n=0,0", "n=-1,-1", "n=2147483648,2147483648", "n=ten,ten", "n=1.5,1.5", "n=,''"})
  void badSize(String setting, String value) {
    String uri = "synthetic:digits?" + setting;
    fails(uri, "n = '%s' in '%s': want a whole number from 1 to 2147483647".formatted(value, uri));
  }

  @Test
  void badSeed() {
    fails(
        "synthetic:digits?seed=x",
        "seed = 'x' in 'synthetic:digits?seed=x': want a whole number from -9223372036854775808 to"
            + " 9223372036854775807");
    fails("synthetic:digits?seed", "seed = '' in 'synthetic:digits?seed': want a whole number");
  }

  @Test
  void settingTwice() {
    fails("synthetic:digits?n=1&n=1", "n is set twice in 'synthetic:digits?n=1&n=1': keep one");
  }

  @Test
  void sizeOfTheConstructor() {
    assertThatThrownBy(() -> new SyntheticDigits(0, 1, Split.TRAIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n = 0 synthetic digits: want 1 to 2147483647");
  }

  private static void fails(String uri, String message) {
    assertThatThrownBy(() -> SyntheticData.parse(uri, Split.TRAIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
