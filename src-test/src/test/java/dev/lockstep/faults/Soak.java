package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.cluster.RunFiles;
import dev.lockstep.faults.Vitals.Sample;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One driver that trains for long while every minute an executor is killed, or the worker of some:
 * {@code mvn -Pfaults verify -Dsoak.minutes=30}. When the time is over it is told to end, and
 * another process trains what is left: the run must come to the bits of the undisturbed one, and
 * neither the driver nor the one executor that is spared may hold on to ever more. {@code
 * target/faults/soak.jsonl} has a line for each minute, {@code soak.md} the first and the last
 * third of them.
 */
class Soak {
  private static final Path RESULTS =
      Path.of(System.getProperty("faults.results", "target/faults")).toAbsolutePath();
  private static final Path FILE = RESULTS.resolve("soak.jsonl");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String ENGINE = "allreduce";

  /** A state of a few hundred kilobytes; and rounds of two steps, so that there are many. */
  private static final List<String> TRAINING =
      List.of(
          "--set=layers=[dense 128 relu, dropout 0.3, dense 10]",
          "--set=plateau.min-scale=0.1",
          "--set=round.steps=2",
          "--set=checkpoint.every=" + 5 * Ground.CHECKPOINT);

  /** The executor that is spared is not to be given up because the machine is busy. */
  private static final List<String> PATIENT =
      List.of("--set=exchange.timeout=30s", "--conf=spark.network.timeout=60s");

  /** What Spark itself remembers of the past, up to some number each, is soon at that number. */
  private static final List<String> FORGETFUL =
      List.of(
          "--conf=spark.ui.retainedJobs=20",
          "--conf=spark.ui.retainedStages=20",
          "--conf=spark.ui.retainedTasks=100",
          "--conf=spark.ui.retainedDeadExecutors=2");

  /** Every so many kills are those of a worker. */
  private static final int WORKERS_TURN = 5;

  private static final Duration START = Duration.ofMinutes(2);

  private static final int ENDLESS = 1_000_000_000;

  /** A machine may get so many times as fast while it does nothing else. */
  private static final int MARGIN = 2;

  /** The exit code of a driver that was asked to end. */
  private static final int ENDED = 143;

  /** For how long the speed is taken. */
  private static final Duration MEASURE = Duration.ofSeconds(30);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /**
   * A kill comes within the first half of its minute, and what is held is looked at near its end.
   */
  private static final Duration KILLS = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofSeconds(45);

  /** Minutes in which pools of threads and buffers fill. */
  private static final int WARM_UP = 3;

  private static final long MIB = 1 << 20;

  /** A state is 1.6 MiB: one kept of every kill, or 1 KiB of every round, would be more. */
  private static final long HEAP = 5;

  /** By design a driver has 4 MiB of metrics in memory, in an array that is doubled when full. */
  private static final long JOURNAL = 8;

  /** The buffers of the network are cut out of pieces of 4 MiB. */
  private static final long DIRECT = 8;

  /** Hot code is compiled, and classes are loaded, as long as a JVM lives, but ever less. */
  private static final long OUTSIDE = 16;

  /** As many as one executor more or less makes, be it about to come or to go. */
  private static final long THREADS = 5;

  private static final long FILES = 5;

  private final int minutes = Integer.getInteger("soak.minutes", 30);
  private final SplittableRandom dice = new SplittableRandom(Long.getLong("faults.seed", 1));
  private final List<Moment> moments = new ArrayList<>();
  private Ground ground;
  private List<String> options;
  private int kills;

  /**
   * What was seen in a minute, when its kill had been got over.
   *
   * @param driver what the driver held
   * @param executor what the executor held that is spared
   */
  private record Moment(Sample driver, Sample executor) {}

  /**
   * A quantity that must not grow.
   *
   * @param ofDriver whether it is the driver's, or that of the executor which is spared
   * @param of the quantity
   * @param unit by which it is divided for people
   * @param bound by how much it may differ
   */
  private record Watched(
      boolean ofDriver, String name, ToLongFunction<Sample> of, long unit, long bound) {
    String process() {
      return ofDriver ? "driver" : "executor";
    }

    long of(Moment moment) {
      return of.applyAsLong(ofDriver ? moment.driver() : moment.executor());
    }

    String words(long value) {
      return String.format(Locale.ROOT, unit == 1 ? "%.0f" : "%.1f", (double) value / unit);
    }
  }

  private static List<Watched> watched() {
    List<Watched> all = new ArrayList<>();
    for (boolean ofDriver : new boolean[] {true, false}) {
      long heap = ofDriver ? HEAP + JOURNAL : HEAP;
      all.add(new Watched(ofDriver, "heap, MiB", Sample::heap, MIB, heap * MIB));
      all.add(new Watched(ofDriver, "direct memory, MiB", Sample::direct, MIB, DIRECT * MIB));
      all.add(new Watched(ofDriver, "all but heap, MiB", Sample::outside, MIB, OUTSIDE * MIB));
      all.add(new Watched(ofDriver, "threads", Sample::threads, 1, THREADS));
      all.add(new Watched(ofDriver, "open files", Sample::files, 1, FILES));
    }
    return all;
  }

  @BeforeEach
  void prepare() throws Exception {
    Path directory = RESULTS.resolve("soak");
    Ground.delete(directory);
    Files.deleteIfExists(FILE);
    ground = Ground.start(directory);
    options = ground.longLived();
  }

  @AfterEach
  void end() throws Exception {
    if (ground != null) {
      ground.endRuns();
      ground.end();
    }
  }

  @Test
  void nothingPilesUp() throws Exception {
    int steps = steps(Duration.ofMinutes(minutes));
    RunFiles undisturbed = alone(steps);
    Set<Path> before = ground.scratch().now();
    Run run = begin("soak", steps);
    Clock clock = new Clock();
    run.await("its first checkpoint", START, () -> run.newest() > 0);
    ProcessHandle spared = ground.processes().executors().get(0);
    try (Vitals driver = Vitals.of(run.driver());
        Vitals executor = Vitals.of(spared)) {
      for (int m = 0; m < minutes; m++) {
        minute(run, spared, driver, executor);
      }
      System.out.printf(
          Locale.ROOT,
          "%d of %d steps, %d kills, %.0f s%n",
          run.newest(),
          steps,
          kills,
          clock.seconds());
      run.driver().destroy();
      assertThat(run.awaitEnd(MINUTE)).as("exit code; stderr: %s", run.err()).isEqualTo(ENDED);
    }
    ground.awaitEndOfRuns();
    ground.awaitScratch(before, FaultKind.WORKER_KILLED);
    run.isDoneBy(ground.start(List.of("resume", run.location(), "--set=engine=local")));
    int exit = run.awaitEnd(Duration.ofMinutes(minutes));
    assertThat(exit).as("exit code when resumed; stderr: %s", run.err()).isZero();
    assertThat(RunFiles.of(run.directory())).isEqualTo(undisturbed);
    assertThat(run.temporaryFiles()).as("temporary files left behind").isEmpty();
    assertFlat();
  }

  /** How many steps surely take longer, by the speed of the first ones. */
  private int steps(Duration length) throws Exception {
    Run run = begin("speed", ENDLESS);
    run.await("its first checkpoint", START, () -> run.newest() > 0);
    long first = run.newest();
    Clock clock = new Clock();
    Thread.sleep(MEASURE.toMillis());
    double perSecond = (run.newest() - first) / clock.seconds();
    run.driver().destroy();
    run.awaitEnd(MINUTE);
    ground.awaitEndOfRuns();
    run.delete();
    return (int) (MARGIN * perSecond * length.toSeconds());
  }

  private RunFiles alone(int steps) throws Exception {
    List<String> words = new ArrayList<>(TRAINING);
    words.add("--set=steps=" + steps);
    return ground.alone("undisturbed", words, Duration.ofMinutes(minutes));
  }

  private Run begin(String name, int steps) throws IOException {
    Run run = new Run(Storage.at(new Location(ground.run(name).toString())));
    List<String> words =
        new ArrayList<>(ground.train(ENGINE, Ground.DIGITS, run.location(), options));
    words.addAll(TRAINING);
    words.addAll(PATIENT);
    words.addAll(FORGETFUL);
    words.add("--set=steps=" + steps);
    run.isDoneBy(ground.startLongLived(words));
    return run;
  }

  /** One kill, and a look when it has been got over. */
  private void minute(Run run, ProcessHandle spared, Vitals driver, Vitals executor)
      throws Exception {
    Clock clock = new Clock();
    sleep(run, clock, dice.nextDouble() * KILLS.toSeconds());
    kill(spared);
    sleep(run, clock, (double) LOOK.toSeconds());
    look(run, driver, executor);
    sleep(run, clock, (double) MINUTE.toSeconds());
  }

  private static void sleep(Run run, Clock clock, double until) throws Exception {
    while (clock.seconds() < until) {
      if (!run.isRunning()) {
        throw new AssertionError("the run ended too soon: " + run.err());
      }
      Thread.sleep(100);
    }
  }

  private void kill(ProcessHandle spared) throws Exception {
    ProcessHandle home = spared.parent().orElseThrow();
    if ((kills + 1) % WORKERS_TURN == 0) {
      List<ProcessHandle> workers = new ArrayList<>(ground.cluster().workers());
      workers.remove(home);
      ground.cluster().kill(workers.get(dice.nextInt(workers.size())));
      Thread.sleep(dice.nextInt(3000));
      ground.cluster().revive();
    } else {
      List<ProcessHandle> executors = new ArrayList<>(ground.processes().executors());
      executors.remove(spared);
      executors.get(dice.nextInt(executors.size())).destroyForcibly();
    }
    kills++;
  }

  private void look(Run run, Vitals driver, Vitals executor) throws Exception {
    Moment moment = new Moment(driver.sample(), executor.sample());
    moments.add(moment);
    ObjectNode json = MAPPER.createObjectNode();
    json.put("minute", moments.size()).put("kills", kills).put("step", run.newest());
    json.set("driver", MAPPER.valueToTree(moment.driver()));
    json.set("executor", MAPPER.valueToTree(moment.executor()));
    Files.writeString(
        FILE,
        MAPPER.writeValueAsString(json) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** The medians of the first and of the last third of the minutes after the first few. */
  private void assertFlat() throws IOException {
    List<Moment> warm = moments.subList(Math.min(WARM_UP, moments.size() / 3), moments.size());
    int third = Math.max(1, warm.size() / 3);
    List<Moment> first = warm.subList(0, third);
    List<Moment> last = warm.subList(warm.size() - third, warm.size());
    StringBuilder table =
        new StringBuilder("| of the | held | first third | last third | bound |\n");
    table.append("| --- | --- | --- | --- | --- |\n");
    List<String> grown = new ArrayList<>();
    for (Watched watched : watched()) {
      long before = median(first, watched::of);
      long after = median(last, watched::of);
      table.append(
          "| %s | %s | %s | %s | +%s |%n"
              .formatted(
                  watched.process(),
                  watched.name(),
                  watched.words(before),
                  watched.words(after),
                  watched.words(watched.bound())));
      if (after - before > watched.bound()) {
        grown.add(watched.process() + " " + watched.name());
      }
    }
    Files.writeString(RESULTS.resolve("soak.md"), table);
    System.out.print(table);
    assertThat(grown).as("grows: %s", table).isEmpty();
  }

  private static long median(List<Moment> some, ToLongFunction<Moment> of) {
    long[] sorted = some.stream().mapToLong(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
