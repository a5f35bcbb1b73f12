package dev.lockstep.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PurposeTest {
  /** Two purposes with one code would draw the same numbers. */
  @Test
  void codesKeepStreamsApart() {
    assertThat(Purpose.values()).extracting(Purpose::code).doesNotHaveDuplicates();
  }
}
