package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.report.SweepReport;
import dev.lockstep.storage.Location;
import dev.lockstep.sweep.HeldData;
import dev.lockstep.sweep.Sweep;
import dev.lockstep.sweep.SweepDirectory;
import dev.lockstep.sweep.SweepSpec;
import dev.lockstep.sweep.TrialPlan;
import dev.lockstep.sweep.TrialRuns;
import dev.lockstep.table.TableData;
import dev.lockstep.table.TableFiles;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.InterruptedRunException;
import dev.lockstep.train.RunData;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the trials of an experiment. */
@Command(
    name = "sweep",
    description = {
      "Runs the trials of an experiment side by side and prints what came of them.",
      "The same command again goes on where a sweep stopped; no finished trial is run again."
    },
    mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SPEC",
      description = "What is to be tried, such as conf/experiments/steps-to-goal.conf.")
  private String file;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where results go.")
  private String out;

  @Option(names = "--data", paramLabel = "URI", description = "The data, in place of data.uri.")
  private String data;

  @Mixin private TableOptions tables;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of every trial, in place of the specification's; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "How many trials run at the same time; as many as the specification says, or as there"
              + " are processors, or as the cluster has slots for, without.")
  private Integer parallel;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master, as for train; on a local one trials with engine = auto are a thread of"
              + " this process each.")
  private String master;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (parallel != null && parallel < 1) {
      throw new ConfigException("--parallel %d: want a whole number from 1 on".formatted(parallel));
    }
    SweepSpec wanted = SweepSpec.read(file);
    List<String> overrides = new ArrayList<>(settings);
    overrides.addAll(tables.over(data));
    boolean isLocal = SparkSessions.isLocal(Optional.ofNullable(master));
    TrialPlan plan = new TrialPlan(wanted, overrides, isLocal);
    try (SparkSession session = new SparkSession(Optional.ofNullable(master))) {
      return run(wanted, plan, session, isLocal);
    }
  }

  private int run(SweepSpec wanted, TrialPlan plan, SparkSession session, boolean isLocal)
      throws IOException {
    HeldData files = new HeldData();
    RunData.Opener opener =
        config -> {
          Optional<TableFiles> found = TableFiles.find(config.data().uri());
          return found.isPresent()
              ? TableData.open(config, found.get(), session.forTables())
              : files.open(config);
        };
    SweepDirectory directory = SweepDirectory.at(out);
    TrialRuns runs =
        new TrialRuns(directory, opener, session, isLocal, parallel(wanted, plan, session));
    Sweep sweep = new Sweep(wanted, plan, directory, runs, System.err);
    AtomicInteger caught = new AtomicInteger();
    try {
      String answers = Signals.during(caught, runs::interrupt, sweep::run);
      PrintWriter results = spec.commandLine().getOut();
      results.print(answers);
      directory.results().forEach(results::println);
      report().ifPresent(results::println);
      results.flush();
      return ExitCode.DONE;
    } catch (InterruptedRunException e) {
      report();
      System.err.println("lockstep: " + e.getMessage());
      return ExitCode.ofSignal(caught.get());
    }
  }

  /** Where the report is; what goes wrong with it changes nothing of the sweep. */
  private Optional<Location> report() {
    try {
      return Optional.of(SweepReport.write(out));
    } catch (IOException | RuntimeException e) {
      System.err.println("the report could not be written: " + e.getMessage());
      return Optional.empty();
    }
  }

  private int parallel(SweepSpec wanted, TrialPlan plan, SparkSession session) {
    if (parallel != null) {
      return parallel;
    }
    if (wanted.parallel().isPresent()) {
      return wanted.parallel().getAsInt();
    }
    return plan.isLocal()
        ? Runtime.getRuntime().availableProcessors()
        : plan.sideBySide(SparkSessions.awaitSlots(session.get(), OptionalInt.empty()));
  }
}
