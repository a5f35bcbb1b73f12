package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.compare.Line;
import dev.lockstep.train.InterruptedRunException;
import dev.lockstep.train.Json;
import dev.lockstep.train.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Has the trials of a plan run, some of them side by side, and keeps what comes of them. What was
 * finished before is not run again. A trial that diverges is an outcome like any other; anything
 * else that goes wrong ends the sweep, which can go on later.
 */
public final class Sweep {
  private final SweepSpec spec;
  private final TrialPlan plan;
  private final SweepDirectory directory;
  private final TrialRuns runs;
  private final PrintStream err;

  private final Map<Integer, Outcome> outcomes = new TreeMap<>();
  private final Map<String, Trial> byDigest = new HashMap<>();
  private final Map<Integer, Double> secondsBefore = new HashMap<>();

  /**
   * A sweep that has not begun.
   *
   * @param err takes progress and warnings
   */
  public Sweep(
      SweepSpec spec, TrialPlan plan, SweepDirectory directory, TrialRuns runs, PrintStream err) {
    this.spec = spec;
    this.plan = plan;
    this.directory = directory;
    this.runs = runs;
    this.err = err;
  }

  /**
   * Runs what is left of the sweep; the answers as a table, a line for each cell.
   *
   * @throws dev.lockstep.config.ConfigException for a usage mistake; nothing has been run then
   * @throws InterruptedRunException after {@link TrialRuns#interrupt}
   */
  public String run() throws IOException {
    long begun = System.nanoTime();
    for (Trial trial : plan.search()) {
      runs.check(trial);
      if (spec.between().isPresent()) {
        Line.check(trial.config().data().uri());
      }
    }
    if (directory.begin(plan.resolved())) {
      err.printf("%s goes on%n", directory.location());
    }
    try {
      runSearch();
      List<Trial> repeats = new ArrayList<>();
      for (Answer answer : answers()) {
        answer.best().ifPresent(best -> repeats.addAll(plan.repeats(best.trial())));
      }
      for (Trial trial : repeats) {
        runs.check(trial);
      }
      runAll(repeats);
      if (spec.between().isPresent()) {
        new SolutionLines(directory, runs.spark(), err).walk(spec.between().get(), answers());
      }
    } catch (IOException | RuntimeException e) {
      noteEnd(e);
      err.printf(
          "%d of at most %d trials are finished; to go on: run the same command again%n",
          outcomes.size(), plan.count());
      throw e;
    }
    List<Answer> answers = answers();
    directory.writeOutcomes(List.copyOf(outcomes.values()));
    directory.writeSummary(summary(answers, (System.nanoTime() - begun) / 1e9));
    answers.forEach(this::warnOfEdge);
    return AnswerTable.text(spec, answers);
  }

  private void runSearch() throws IOException {
    List<Trial> left = plan.search();
    if (spec.halving().isPresent()) {
      Halving halving = spec.halving().get();
      for (int rung = 0; rung < halving.rungs() - 1; rung++) {
        left = climb(left, halving, rung);
      }
    }
    runAll(left);
  }

  /** Takes trials to the end of a rung; those that go on. */
  private List<Trial> climb(List<Trial> trials, Halving halving, int rung) throws IOException {
    List<Trial> left = new ArrayList<>();
    for (Trial trial : trials) {
      if (!isKnown(trial) && directory.rung(trial, rung, digest(trial)).isEmpty()) {
        left.add(trial);
      }
    }
    runs.sideBySide(left, trial -> climb(trial, halving, rung));
    List<Trial> goOn = new ArrayList<>();
    for (Cell cell : spec.cells()) {
      List<Trial> own = trials.stream().filter(trial -> trial.cell().equals(cell)).toList();
      goOn.addAll(kept(own, halving, rung));
    }
    return goOn;
  }

  private void climb(Trial trial, Halving halving, int rung) throws IOException {
    long steps = runs.batches(trial).firstStepOf(halving.epochs(rung));
    Optional<Outcome> reached = runs.train(plan.upTo(trial, steps));
    if (reached.isEmpty()) {
      return;
    }
    double before = secondsBefore.getOrDefault(trial.number(), 0.0);
    Outcome outcome = reached.get().as(trial).after(before);
    if (outcome.isCutOff() && outcome.steps() == steps) {
      String reason = "halved at epoch %d".formatted(halving.epochs(rung));
      directory.noteRung(outcome.givenUp(reason), rung, digest(trial));
    } else {
      finish(outcome);
    }
  }

  /**
   * Those of a cell's trials that go on after a rung; the others are given up. What a trial came to
   * later, before the sweep was stopped, has no say here.
   */
  private List<Trial> kept(List<Trial> trials, Halving halving, int rung) throws IOException {
    List<Outcome> standing = new ArrayList<>();
    Set<Trial> paused = new LinkedHashSet<>();
    for (Trial trial : trials) {
      Optional<Outcome> there = directory.rung(trial, rung, digest(trial));
      there.ifPresent(outcome -> paused.add(trial));
      standing.add(there.orElseGet(() -> outcomes.get(trial.number())));
    }
    List<Trial> goOn = new ArrayList<>();
    List<Outcome> ranked = halving.ranked(standing, spec.select());
    for (int place = 0; place < ranked.size(); place++) {
      Outcome outcome = ranked.get(place);
      boolean isKept = place < halving.kept(ranked.size());
      if (paused.contains(outcome.trial()) && isKept) {
        goOn.add(outcome.trial());
        secondsBefore.put(outcome.trial().number(), outcome.seconds());
      } else if (!outcomes.containsKey(outcome.trial().number())) {
        finish(outcome);
      }
    }
    goOn.sort(Comparator.comparingInt(Trial::number));
    return goOn;
  }

  private String digest(Trial trial) {
    return trial.digest(runs.fingerprint(trial));
  }

  /** Runs trials of which none waits for another, to their ends. */
  private void runAll(List<Trial> trials) throws IOException {
    List<Trial> left = new ArrayList<>();
    for (Trial trial : trials) {
      if (!isKnown(trial)) {
        left.add(trial);
      }
    }
    runs.sideBySide(left, this::run);
  }

  /** Takes over what was finished before, or by a trial with the same configuration. */
  private boolean isKnown(Trial trial) throws IOException {
    String digest = digest(trial);
    Optional<Outcome> before = directory.outcome(trial, digest);
    Trial same = byDigest.get(digest);
    if (before.isEmpty() && same != null) {
      directory.copy(same, trial);
      before = Optional.of(outcomes.get(same.number()).as(trial));
      directory.finish(before.get(), digest);
    }
    if (before.isEmpty()) {
      return false;
    }
    note(before.get(), digest);
    return true;
  }

  private void note(Outcome outcome, String digest) {
    outcomes.put(outcome.trial().number(), outcome);
    byDigest.putIfAbsent(digest, outcome.trial());
  }

  private void run(Trial trial) throws IOException {
    Optional<Outcome> outcome = runs.train(trial);
    if (outcome.isPresent()) {
      double before = secondsBefore.getOrDefault(trial.number(), 0.0);
      finish(outcome.get().after(before));
    }
  }

  private synchronized void finish(Outcome outcome) throws IOException {
    String digest = digest(outcome.trial());
    directory.finish(outcome, digest);
    if (!spec.keepsAll()) {
      directory.leaveFigures(outcome.trial());
    }
    note(outcome, digest);
    directory.writeOutcomes(List.copyOf(outcomes.values()));
    err.println(line(outcome));
  }

  private String line(Outcome outcome) {
    StringBuilder line = new StringBuilder();
    line.append("%d/%d  ".formatted(outcomes.size(), plan.count()));
    outcome.trial().cell().label().ifPresent(label -> line.append(label).append(": "));
    line.append(outcome.trial().settings().text());
    line.append("  %s at step %d".formatted(outcome.status(), outcome.steps()));
    for (String figure : List.of("validation_accuracy", "test_accuracy")) {
      outcome
          .figure(figure)
          .ifPresent(value -> line.append(String.format(Locale.ROOT, "  %s %.4f", figure, value)));
    }
    outcome
        .figure("seconds")
        .ifPresent(value -> line.append(String.format(Locale.ROOT, "  %.1f s", value)));
    return line.toString();
  }

  private List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    for (Cell cell : spec.cells()) {
      List<Outcome> own =
          outcomes.values().stream().filter(o -> o.trial().cell().equals(cell)).toList();
      answers.add(Answer.of(cell, own, spec));
    }
    return answers;
  }

  private void warnOfEdge(Answer answer) {
    for (String key : answer.edges()) {
      err.printf(
          "%s: the best %s, %s, lies at the edge of what was tried; widen the range to know that it is the best%n",
          answer.cell().text(),
          key,
          Point.text(answer.best().orElseThrow().trial().settings().values().get(key)));
    }
  }

  /** What goes wrong meanwhile does not hide why the sweep ends. */
  private void noteEnd(Exception why) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("status", why instanceof InterruptedRunException ? "interrupted" : "failed");
    summary.put("message", why.getMessage());
    try {
      directory.writeSummary(summary);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private ObjectNode summary(List<Answer> answers, double seconds) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("status", "finished");
    summary.put("exit", 0);
    ObjectNode trials = summary.putObject("trials");
    for (Status status : Status.values()) {
      trials.put(status.name(), answers.stream().mapToLong(a -> a.count(status)).sum());
    }
    ArrayNode cells = summary.putArray("cells");
    answers.forEach(answer -> cells.add(answer.json(spec)));
    summary.set("figures", spec.figures());
    summary.put("seconds", seconds);
    summary.put("lockstep_version", Version.text());
    return summary;
  }
}
