package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KeysTest {
  @Test
  void distanceCountsEdits() {
    assertThat(Keys.distance("", "abc")).isEqualTo(3);
    assertThat(Keys.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Keys.distance("a.b", "a.b")).isZero();
  }

  @Test
  void endingsCountAsNearUnlessTheyAreAmbiguous() {
    List<String> known = List.of("round.steps", "checkpoint.every", "schedule.every");
    assertThat(Keys.nearest("steps", known)).hasValue("round.steps");
    assertThat(Keys.nearest("every", known)).isEmpty();
  }
}
