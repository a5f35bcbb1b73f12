package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.metric.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RunWatchersTest {
  private final List<String> heard = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();

  /** Writes down what it hears, and may fail at rounds. */
  private final class Witness implements RunWatcher {
    private final String name;
    private final boolean fails;

    Witness(String name, boolean fails) {
      this.name = name;
      this.fails = fails;
    }

    @Override
    public void onRound(
        RoundResult result, Optional<Evaluation> validation, List<LayerHealth> health) {
      heard.add(name + " round");
      if (fails) {
        throw new IllegalStateException("the disk is full");
      }
    }

    @Override
    public void onEnd(RunEnd end) {
      heard.add(name + " " + end.status() + " " + end.message());
    }

    @Override
    public void close() {
      heard.add(name + " closed");
    }
  }

  @Test
  void oneThatFailsIsLeftOutAndTheOthersHearAll() {
    try (RunWatchers all =
        new RunWatchers(List.of(new Witness("a", true), new Witness("b", false)), messages::add)) {
      all.onRound(Rounds.round(1, 2), Optional.empty(), List.of());
      all.onRound(Rounds.round(3, 4), Optional.empty(), List.of());
      all.onEnd(RunEnd.early(RunEnd.Status.DIVERGED, "step 4"));
      all.onEnd(RunEnd.early(RunEnd.Status.FAILED, "later"));
    }
    assertThat(heard)
        .containsExactly(
            "a round", "a closed", "b round", "b round", "b DIVERGED step 4", "b closed");
    assertThat(messages).containsExactly("Witness no longer watches this run: the disk is full");
  }

  @Test
  void aRunThatIsClosedWithoutAnEndHasFailed() {
    new RunWatchers(List.of(new Witness("a", false)), messages::add).close();
    assertThat(heard).containsExactly("a FAILED ", "a closed");
  }
}
