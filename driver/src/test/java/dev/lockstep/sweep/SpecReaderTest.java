package dev.lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecReaderTest {
  @TempDir Path directory;

  private static SweepSpec read(String text) throws IOException {
    return SpecReader.read(text, "s.conf");
  }

  private static TrialPlan plan(String text, String... overrides) throws IOException {
    return new TrialPlan(read(text), List.of(overrides), true);
  }

  private static List<String> mistakes(String text) {
    try {
      TrialPlan unused = plan(text);
      return List.of();
    } catch (ConfigException | IOException e) {
      return e.getMessage().lines().toList();
    }
  }

  private static List<String> settings(TrialPlan plan) {
    return plan.search().stream().map(trial -> trial.settings().text()).toList();
  }

  @Test
  void cellsTimesPoints() throws IOException {
    TrialPlan plan =
        plan(
            """
            for-each {
              seed = [7, 8]
              batch-size = [32, 128]
            }
            tune { optimizer.learning-rate = { from = 0.1, to = 0.4, points = 3, scale = log } }
            """);
    assertThat(settings(plan)).hasSize(12);
    assertThat(settings(plan).subList(0, 4))
        .containsExactly(
            "seed=7 batch-size=32 optimizer.learning-rate=0.1",
            "seed=7 batch-size=32 optimizer.learning-rate=0.2",
            "seed=7 batch-size=32 optimizer.learning-rate=0.4",
            "seed=7 batch-size=128 optimizer.learning-rate=0.1");
    assertThat(plan.search().get(3).config().batchSize()).isEqualTo(128);
    assertThat(plan.search()).extracting(Trial::number).startsWith(0, 1, 2).endsWith(11);
    assertThat(plan.search()).extracting(Trial::stage).containsOnly(Stage.TUNE);
  }

  @Test
  void recipesAgainstEachOther() throws IOException {
    TrialPlan plan =
        plan(
            """
            for-each = [
              { label = naive, optimizer.name = sgd, optimizer.learning-rate = 0.1 }
              { label = adaptive, optimizer.name = adam, optimizer.learning-rate = [0.001, 0.01] }
            ]
            repeat { seed = [1, 2] }
            """);
    assertThat(plan.search()).hasSize(6);
    assertThat(plan.search()).extracting(Trial::stage).containsOnly(Stage.TRIAL);
    assertThat(plan.search())
        .extracting(trial -> trial.cell().label().orElseThrow())
        .containsExactly("naive", "naive", "adaptive", "adaptive", "adaptive", "adaptive");
    assertThat(plan.search().get(2).config().optimizer().rule().name()).isEqualTo("adam");
    assertThat(plan.search().get(3).config().seed()).isEqualTo(2);
    assertThat(plan.repeats(plan.search().get(0))).isEmpty();
  }

  @Test
  void repetitionsHaveTheirNumbersWhateverCameBefore() throws IOException {
    TrialPlan plan =
        plan(
            """
            for-each { batch-size = [32, 128] }
            tune { optimizer.learning-rate = [0.1, 0.2] }
            repeat { seed = [1, 2, 3] }
            """);
    assertThat(plan.count()).isEqualTo(10);
    List<Trial> repeats = plan.repeats(plan.search().get(3));
    assertThat(repeats).extracting(Trial::number).containsExactly(7, 8, 9);
    assertThat(repeats.get(1).settings().text())
        .isEqualTo("batch-size=128 optimizer.learning-rate=0.2 seed=2");
    assertThat(repeats.get(1).config().seed()).isEqualTo(2);
  }

  @Test
  void theBaseLiesBesideTheSpecificationAndTheRestGoesBeforeIt() throws IOException {
    Files.writeString(directory.resolve("base.conf"), "seed = 5, batch-size = 64, epochs = 9");
    Path spec = directory.resolve("s.conf");
    Files.writeString(
        spec,
        """
        base = "base.conf"
        set { batch-size = 96 }
        for-each { optimizer.learning-rate = [0.1] }
        budget { epochs = 3 }
        goal = "train_loss <= 0.5"
        """);
    TrialPlan plan =
        new TrialPlan(SweepSpec.read(spec.toString()), List.of("validation.fraction=0.5"), true);
    var config = plan.search().get(0).config();
    assertThat(config.seed()).isEqualTo(5);
    assertThat(config.batchSize()).isEqualTo(96);
    assertThat(config.epochs()).isEqualTo(3);
    assertThat(config.stop().goal().orElseThrow().bound()).isEqualTo(0.5);
    assertThat(config.validation().fraction()).isEqualTo(0.5);
    Files.delete(directory.resolve("base.conf"));
    Path resolved = directory.resolve("resolved.conf");
    Files.writeString(resolved, plan.resolved());
    TrialPlan again = new TrialPlan(SweepSpec.read(resolved.toString()), List.of(), true);
    assertThat(again.search().get(0).config()).isEqualTo(config);
  }

  @Test
  void allMistakesAreToldTogetherWithTheirPlaces() {
    assertThat(
            mistakes(
                """
                goul = "x"
                goal = "accuracy > 1"
                budget { epoch = 3 }
                tune { optimizer.learning-rate = { from = 2, to = 1, points = 1 } }
                search { kind = random }
                figures = [ { kind = pie } ]
                """))
        .containsExactly(
            "s.conf: 1: unknown key goul; did you mean goal?",
            "s.conf: 2: goal = accuracy > 1: want validation_accuracy >= NUMBER, validation_loss <= NUMBER, train_loss <= NUMBER",
            "s.conf: 5: search.kind = random: want one of grid, quasi-random",
            "s.conf: 4: optimizer.learning-rate = {\"from\":2,\"points\":1,\"to\":1}: want from below to, and above 0 where scale = log",
            "s.conf: 3: unknown key budget.epoch; did you mean budget.epochs?",
            "s.conf: 6: figures.kind = pie: want one of steps-to-goal, lines, bars, scaling, line, table");
  }

  @Test
  void everyCombinationIsCheckedAndEachMistakeToldOnce() {
    assertThat(
            mistakes(
                """
                for-each { batch-size = [32, 0] }
                tune { optimizer.learning-rat = [0.1, 0.2] }
                """))
        .containsExactly(
            "s.conf: 2: unknown key optimizer.learning-rat; did you mean optimizer.learning-rate?",
            "s.conf: 1: batch-size = 0: want a whole number from 1 to 1073741824");
  }

  @Test
  void aKeyHasOnePlace() {
    assertThat(mistakes("for-each { seed = [1, 2] }\nrepeat { seed = [3] }"))
        .containsExactly(
            "s.conf: 2: seed stands in for-each and in repeat; want it in one of them");
    assertThat(mistakes("budget { epochs = 2 }\ntune { epochs = [3] }"))
        .containsExactly("s.conf: 2: epochs stands in budget and in tune; want it in one of them");
    assertThatThrownBy(() -> plan("tune { seed = [1, 2] }", "seed=3"))
        .hasMessage("--set seed=3: s.conf varies seed; change it there");
  }

  @Test
  void anIntervalNeedsPointsForAGridAlone() {
    String interval = "tune { optimizer.learning-rate = { from = 0.1, to = 1 } }";
    assertThat(mistakes(interval))
        .containsExactly(
            "s.conf: 1: optimizer.learning-rate: points is missing: how many of the interval a grid has");
    assertThat(mistakes(interval + "\nsearch { kind = quasi-random, trials = 4 }")).isEmpty();
    assertThat(mistakes(interval + "\nsearch { kind = quasi-random }"))
        .containsExactly(
            "s.conf: 2: search.trials is missing: how many points a quasi-random search has");
  }

  @Test
  void noSweepIsEndless() {
    String axis = "{ from = 0, to = 1, points = 10000 }";
    assertThat(
            mistakes(
                "tune { optimizer.learning-rate = %s, optimizer.momentum = %s }"
                    .formatted(axis, axis)))
        .containsExactly("s.conf: 100000000 trials: want at most 100000; give axes fewer values");
  }

  @Test
  void wholeNumbersStayWhole() throws IOException {
    TrialPlan plan =
        plan(
            "for-each { batch-size = { from = 32, to = 8192, points = 5, scale = log, whole = true } }");
    assertThat(plan.search())
        .extracting(trial -> trial.config().batchSize())
        .containsExactly(32, 128, 512, 2048, 8192);
  }
}
