package dev.lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HalvingTest {
  @Test
  void rungsGrowAsTrialsGetFewer() {
    Halving halving = new Halving(3, 0.5, 2);
    assertThat(halving.epochs(0)).isEqualTo(2);
    assertThat(halving.epochs(1)).isEqualTo(4);
    assertThat(halving.kept(5)).isEqualTo(3);
    assertThat(halving.kept(1)).isEqualTo(1);
    assertThat(new Halving(3, 0.33, 1).epochs(2)).isEqualTo(9);
  }

  @Test
  void goalsComeFirstAndDivergedTrialsLast() throws IOException {
    SweepSpec spec =
        SpecReader.read("goal = \"train_loss <= 1\", tune { seed = [1, 2, 3, 4] }", "s.conf");
    List<Trial> t = new TrialPlan(spec, List.of(), true).search();
    List<Outcome> ranked =
        new Halving(2, 0.5, 1)
            .ranked(
                List.of(
                    Outcomes.of(t.get(0), Status.INFEASIBLE, 1, 0),
                    Outcomes.of(t.get(1), Status.OUT_OF_BUDGET, 9, 0.7),
                    Outcomes.of(t.get(2), Status.COMPLETE, 5, 0.9),
                    Outcomes.of(t.get(3), Status.OUT_OF_BUDGET, 9, 0.6)),
                spec.select());
    assertThat(ranked).extracting(outcome -> outcome.trial().number()).containsExactly(2, 3, 1, 0);
  }
}
