package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Faults are what their numbers say, and of every kind. */
class FaultPlanTest {
  private static final int CELLS = 2 * FaultKind.values().length;

  @Test
  void aFaultIsAFunctionOfItsNumber() {
    assertThat(FaultPlan.of(1, 17)).isEqualTo(FaultPlan.of(1, 17));
    assertThat(FaultPlan.of(1, 17)).isNotEqualTo(FaultPlan.of(2, 17));
  }

  @Test
  void everyKindComesWithEachEngineBeforeAnyComesAgain() {
    for (int from : new int[] {0, CELLS, 5 * CELLS}) {
      Set<String> seen = new HashSet<>();
      IntStream.range(from, from + CELLS)
          .mapToObj(index -> FaultPlan.of(3, index))
          .forEach(plan -> seen.add(plan.kind() + plan.engine()));
      assertThat(seen).hasSize(CELLS);
    }
  }

  @Test
  void theyComeAllAlongARun() {
    long steps = 300;
    long[] tenths =
        IntStream.range(0, 1000)
            .mapToObj(index -> FaultPlan.of(1, index))
            .filter(plan -> !plan.isEarly())
            .mapToLong(plan -> Math.min(9, plan.step(steps) * 10 / steps))
            .distinct()
            .toArray();
    assertThat(tenths).hasSize(10);
  }
}
