package dev.lockstep.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Setting<Double> SLOPE =
      Setting.number("slope", 0.5, Range.BELOW_ONE, "how steep");
  private static final Setting<Integer> PIECES = Setting.whole("pieces", 2, 9, "how many");
  private static final Setting<Boolean> SHARED = Setting.flag("shared", "whether all have one");
  private static final Setting<List<Double>> WEIGHTS =
      Setting.numbers("weights", Range.NOT_NEGATIVE, "one for each");
  private static final Setting<List<String>> WORDS = Setting.texts("words", "words", "any");

  /** A kind with a setting of each type. */
  private record Sample() implements Kind {
    @Override
    public String name() {
      return "sample";
    }

    @Override
    public String meaning() {
      return "nothing";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(SLOPE, PIECES, SHARED, WEIGHTS, WORDS);
    }
  }

  private static Settings read(Map<String, String> given) {
    return Settings.read(new Sample(), given);
  }

  @Test
  void whatIsNotGivenHasItsDefault() {
    Settings settings = read(Map.of("pieces", " 3 ", "weights", "[1, 0.25]"));
    assertThat(settings.get(SLOPE)).isEqualTo(0.5);
    assertThat(settings.toFloat(SLOPE)).isEqualTo(0.5f);
    assertThat(settings.get(PIECES)).isEqualTo(3);
    assertThat(settings.get(SHARED)).isFalse();
    assertThat(settings.get(WEIGHTS)).containsExactly(1.0, 0.25);
    assertThat(settings.get(WORDS)).isEmpty();
    assertThat(settings.values().keySet())
        .containsExactly("slope", "pieces", "shared", "weights", "words");
  }

  @Test
  void settingsAreEqualIfTheirValuesAre() {
    Settings settings = read(Map.of("pieces", "3"));
    assertThat(settings)
        .isEqualTo(read(Map.of("pieces", "3.0", "slope", "5e-1")))
        .hasSameHashCodeAs(read(Map.of("pieces", "3.0", "slope", "5e-1")))
        .isNotEqualTo(read(Map.of("pieces", "4")))
        .hasToString("{slope=0.5, pieces=3, shared=false, weights=[], words=[]}");
  }

  @Test
  void allMistakesComeTogether() {
    assertThatThrownBy(() -> read(Map.of("slope", "1", "colour", "red")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "slope = 1: want a number from 0, below 1; pieces is missing: want a whole number from 2"
                + " to 9; colour = red: sample has no colour; it takes slope, pieces, shared,"
                + " weights, words");
    assertThatThrownBy(() -> read(Map.of("pieces", "2")).get(Setting.flag("other", "")))
        .hasMessage("no setting other is declared");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[a b, c] | a b;c",
        "a b, c | a b;c",
        "[a x=[1, [2, 3]] y, c] | a x=[1, [2, 3]] y;c",
        "[a, , b,] | a;b",
        "[[1, 2], [3]] | [1, 2];[3]",
        "[] | ''",
      })
  void wordsEndAtCommasOutsideBrackets(String text, String want) {
    assertThat(String.join(";", WORDS.read(text).orElseThrow())).isEqualTo(want);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1, 2", "[1", "[1, x]", "[-1]", "[NaN]", "[[1]]"})
  void listsOfNumbersAreNothingElse(String text) {
    assertThat(WEIGHTS.read(text)).isEmpty();
  }

  @Test
  void whatIsRequiredHasNoDefault() {
    assertThat(SLOPE.required().byDefault()).isEmpty();
    assertThat(SLOPE.required().read("0.25")).hasValue(0.25);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.99999999999, -0.1, Double.NaN})
  void rangesHoldForTheFloatToo(double value) {
    assertThatThrownBy(() -> Range.BELOW_ONE.check("x", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x = %s: want a number from 0, below 1".formatted(value));
    assertThatCode(() -> Range.BELOW_ONE.check("x", 0.999)).doesNotThrowAnyException();
  }

  @Test
  void rangesReadAsSentences() {
    assertThat(Range.ANY).hasToString("that a float can hold");
    assertThat(Range.NOT_NEGATIVE).hasToString("0 or more");
    assertThat(Range.POSITIVE).hasToString("above 0");
    assertThat(Range.UNIT).hasToString("from 0 to 1");
    assertThat(Range.BELOW_ONE).hasToString("from 0, below 1");
    assertThat(Range.FRACTION).hasToString("above 0, at most 1");
    assertThat(new Range(1.5, Float.MAX_VALUE, true, true)).hasToString("1.5 or more");
  }
}
