package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.ExampleFormat.Element;
import org.junit.jupiter.api.Test;

class ExampleFormatTest {
  @Test
  void featuresThenTargetsThenWeight() {
    ExampleFormat format = new ExampleFormat(3, Element.FLOAT, 2, true);
    assertThat(format.bytes()).isEqualTo(4 * (3 + 2 + 1));
    byte[] bytes = new byte[5 + format.bytes()];
    for (int f = 0; f < 3; f++) {
      format.setFeature(bytes, 5, f, f + 0.5f);
    }
    format.setTarget(bytes, 5, 0, -1);
    format.setTarget(bytes, 5, 1, Float.MIN_VALUE);
    format.setWeight(bytes, 5, 0.25f);
    assertThat(format.feature(bytes, 5, 0)).isEqualTo(0.5f);
    assertThat(format.feature(bytes, 5, 2)).isEqualTo(2.5f);
    assertThat(format.target(bytes, 5, 0)).isEqualTo(-1f);
    assertThat(format.target(bytes, 5, 1)).isEqualTo(Float.MIN_VALUE);
    assertThat(format.weight(bytes, 5)).isEqualTo(0.25f);
    // 0.5 is 0x3f000000, the lowest byte first.
    assertThat(bytes).startsWith(0, 0, 0, 0, 0, 0, 0, 0, 0x3f, 0);
  }

  @Test
  void bytesOfAClassTakeNoMoreThanTheirFeatures() {
    ExampleFormat format = ExampleFormat.bytes(784);
    assertThat(format.bytes()).isEqualTo(784);
    assertThat(format.hasClass()).isTrue();
    assertThat(format.weight(new byte[784], 0)).isEqualTo(1f);
  }

  @Test
  void whatNoExampleCanBeIsRefused() {
    assertThatThrownBy(() -> ExampleFormat.bytes(0)).hasMessageContaining("0 features");
    assertThatThrownBy(() -> new ExampleFormat(1 << 29, Element.FLOAT, 0, false))
        .hasMessageContaining("no more than 2 GB");
  }
}
