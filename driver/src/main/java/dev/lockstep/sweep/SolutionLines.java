package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.compare.Line;
import dev.lockstep.config.ConfigException;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The loss along the lines between the solutions of two cells: from each trial that the answer of
 * the first rests on to that of the second in the same place, as a rule of the same seed. Lines
 * that were walked before, between the same bits, are not walked again.
 */
final class SolutionLines {
  private final SweepDirectory directory;
  private final Supplier<JavaSparkContext> spark;
  private final PrintStream err;

  /**
   * No line is walked yet.
   *
   * @param err takes progress
   */
  SolutionLines(SweepDirectory directory, Supplier<JavaSparkContext> spark, PrintStream err) {
    this.directory = directory;
    this.spark = spark;
    this.err = err;
  }

  /** Walks the lines, and leaves them in the directory. */
  void walk(Between between, List<Answer> answers) throws IOException {
    List<Outcome> first = solutions(between.first(), answers);
    List<Outcome> second = solutions(between.second(), answers);
    List<JsonNode> before = directory.solutionLines();
    List<JsonNode> lines = new ArrayList<>();
    for (int pair = 0; pair < Math.min(first.size(), second.size()); pair++) {
      Outcome from = first.get(pair);
      Outcome to = second.get(pair);
      JsonNode line =
          before.stream().filter(known -> isOf(known, from, to, between)).findFirst().orElse(null);
      if (line == null) {
        line = walk(from.trial(), to.trial(), between);
        err.printf("line from trial %d to %d%n", from.trial().number(), to.trial().number());
      }
      lines.add(line);
      directory.writeSolutionLines(lines);
    }
    if (lines.isEmpty()) {
      throw new ConfigException(
          "line: %s or %s has no solution; see how their trials ended"
              .formatted(between.first(), between.second()));
    }
  }

  private static List<Outcome> solutions(String label, List<Answer> answers) {
    return answers.stream()
        .filter(answer -> answer.cell().label().filter(label::equals).isPresent())
        .flatMap(answer -> answer.judged().stream())
        .filter(outcome -> outcome.status() != Status.INFEASIBLE)
        .toList();
  }

  private static boolean isOf(JsonNode line, Outcome from, Outcome to, Between between) {
    List<Double> places = new ArrayList<>();
    line.path("line").forEach(point -> places.add(point.path("at").asDouble()));
    return line.path("first_sha256").equals(from.model())
        && line.path("second_sha256").equals(to.model())
        && places.equals(between.places().all());
  }

  private ObjectNode walk(Trial from, Trial to, Between between) throws IOException {
    RunDirectory first = RunDirectory.at(directory.location(from));
    RunDirectory second = RunDirectory.at(directory.location(to));
    return Line.between(first, second).walk(spark.get(), from.config().data(), between.places());
  }
}
