package dev.lockstep.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
  /** The known answers for philox4x32-10 that its authors publish in Random123's kat_vectors. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000,"
        + " 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff,"
        + " 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0,"
        + " d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void givesThePublishedAnswers(String counter, String key, String answer) {
    int[] c = words(counter);
    int[] k = words(key);
    int[] out = new int[4];
    Philox.block(k[0], k[1], c[0], c[1], c[2], c[3], out);
    assertThat(hex(out)).isEqualTo(answer);
  }

  @Test
  void wordsAreTheBlockOfSeedPurposeAndCounters() {
    int[] words = new int[4];
    Philox.words(0x299f31d0_a4093822L, Purpose.SYNTHETIC_DATA, 5, 6, 7, words);
    int[] block = new int[4];
    Philox.block(0xa4093822, 0x299f31d0, 5, 6, 7, Purpose.SYNTHETIC_DATA.code(), block);
    assertThat(words).isEqualTo(block);
  }

  @Test
  void uniformIsExactAndBelowOne() {
    assertThat(Philox.toUniform(0)).isEqualTo(0f);
    assertThat(Philox.toUniform(0xFF)).isEqualTo(0f);
    assertThat(Philox.toUniform(0x80000000)).isEqualTo(0.5f);
    assertThat(Philox.toUniform(-1)).isEqualTo(Math.nextDown(1f));
  }

  @Test
  void purposesHaveCodesOfTheirOwn() {
    assertThat(Purpose.values()).extracting(Purpose::code).doesNotHaveDuplicates();
  }

  private static int[] words(String hex) {
    return Stream.of(hex.split(" ", -1)).mapToInt(HexFormat::fromHexDigits).toArray();
  }

  private static String hex(int[] words) {
    return IntStream.of(words)
        .mapToObj(word -> HexFormat.of().toHexDigits(word))
        .collect(Collectors.joining(" "));
  }
}
