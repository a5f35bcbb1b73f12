package dev.lockstep.faults;

import dev.lockstep.faults.Sighting.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * As many faults as are asked for, one after the other on one cluster: {@code mvn -Pfaults verify
 * -Dfaults.count=100 -Dfaults.seed=1 -Dfaults.from=0}. What was seen of a seed is kept in {@code
 * target/faults/faults.jsonl} and not repeated, so an interrupted suite goes on where it was; the
 * table is {@code faults.md} beside it.
 */
class FaultSuite {
  private static final Path RESULTS =
      Path.of(System.getProperty("faults.results", "target/faults")).toAbsolutePath();
  private static final Path FILE = RESULTS.resolve("faults.jsonl");

  private static Ground ground;

  @BeforeAll
  static void prepare() throws Exception {
    Path directory = RESULTS.resolve("ground");
    Ground.delete(directory);
    ground = Ground.prepare(directory);
  }

  @AfterAll
  static void end() throws Exception {
    if (ground != null) {
      ground.end();
    }
    Files.writeString(RESULTS.resolve("faults.md"), FaultTable.of(Sighting.read(FILE)));
  }

  @TestFactory
  Stream<DynamicTest> faults() throws IOException {
    long seed = Long.getLong("faults.seed", 1);
    int from = Integer.getInteger("faults.from", 0);
    int count = Integer.getInteger("faults.count", 100);
    Set<Integer> seen =
        Sighting.read(FILE).stream()
            .filter(s -> s.plan().seed() == seed && s.outcome() != Outcome.HARMED)
            .map(s -> s.plan().index())
            .collect(Collectors.toSet());
    return IntStream.range(from, count)
        .filter(index -> !seen.contains(index))
        .mapToObj(index -> FaultPlan.of(seed, index))
        .map(plan -> DynamicTest.dynamicTest(plan.title(), () -> see(plan)));
  }

  private static void see(FaultPlan plan) throws Exception {
    Clock clock = new Clock();
    try {
      Sighting sighting = Trial.of(ground, plan);
      sighting.append(FILE);
      System.out.printf(
          "%s at %s: %s, %s s to recover, %.0f s in all%n",
          plan.title(),
          sighting.moment(),
          sighting.outcome(),
          sighting.recovery().isPresent() ? sighting.recovery().getAsDouble() : "-",
          sighting.seconds());
    } catch (AssertionError e) {
      String sentence = String.valueOf(e.getMessage()).lines().limit(8).toList().toString();
      new Sighting(plan, "", Outcome.HARMED, sentence, OptionalDouble.empty(), clock.seconds())
          .append(FILE);
      System.out.printf("%s: HARMED: %s%n", plan.title(), e.getMessage());
      throw e;
    }
  }
}
