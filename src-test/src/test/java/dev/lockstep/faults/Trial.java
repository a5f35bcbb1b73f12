package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cluster.Launcher;
import dev.lockstep.cluster.RunFiles;
import dev.lockstep.faults.Sighting.Outcome;
import dev.lockstep.hadoop.MiniHdfs;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One fault, from the start of a run to its end: the run is begun, struck, and must come to the
 * bits of the undisturbed one, by itself or resumed after it has ended with a code and a sentence.
 */
final class Trial {
  /** What a run may take to start, on a machine that has other things to do. */
  private static final Duration START = Duration.ofMinutes(2);

  /** What it may take to end after a fault. */
  private static final Duration END = Duration.ofSeconds(150);

  private static final int CLUSTER = 5;
  private static final int DATA = 3;
  private static final int KILLED = 137;

  private final Ground ground;
  private final FaultPlan plan;
  private final Clock clock = new Clock();
  private final List<String> options;
  private final Network network;
  private final String data;
  private final Run run;
  private final Set<Path> before;
  private String moment = "";
  private String sentence = "";
  private CompletableFuture<Double> recovery = new CompletableFuture<>();

  private Trial(Ground ground, FaultPlan plan) throws IOException, InterruptedException {
    this.ground = ground;
    this.plan = plan;
    this.options = new ArrayList<>(ground.options());
    this.network = Network.of(plan);
    options.addAll(network.options());
    before = ground.scratch().now();
    String name = plan.kind().name().toLowerCase(Locale.ROOT) + "-" + plan.index();
    switch (plan.kind()) {
      case DISK_FULL -> {
        data = Ground.DIGITS;
        run = new Run(onDisk(SmallDisk.mount(ground).resolve(name)));
      }
      case DATANODE_STOPPED -> {
        data = ground.digitsOnHdfs();
        run = new Run(ground.hdfs().storage("/runs/" + name));
        // What a cluster's own hdfs-site.xml would say.
        options.add("--conf=spark.hadoop.dfs.replication=2");
        options.add("--set=data.memory-limit=1m");
      }
      default -> {
        data = Ground.DIGITS;
        run = new Run(onDisk(ground.run(name)));
      }
    }
  }

  private static Storage onDisk(Path directory) {
    return Storage.at(new Location(directory.toString()));
  }

  /** Sees a fault through. */
  static Sighting of(Ground ground, FaultPlan plan) throws Exception {
    ground.heal();
    Trial trial = new Trial(ground, plan);
    try {
      return trial.run();
    } finally {
      trial.clear();
    }
  }

  private Sighting run() throws Exception {
    Outcome outcome =
        switch (plan.kind()) {
          case TASK_THROWS -> throwing(1 + plan.pick(0, 3));
          case TASK_ALWAYS_THROWS -> throwing(1_000_000);
          case SUPERVISED_DRIVER_KILLED -> supervised();
          case DISK_FULL -> diskFull();
          default -> struck();
        };
    ground.awaitEndOfRuns();
    ground.awaitScratch(before, plan.kind());
    assertThat(RunFiles.of(run.directory())).isEqualTo(ground.undisturbed(plan.engine()));
    assertThat(run.temporaryFiles()).as("temporary files left behind").isEmpty();
    run.delete();
    return new Sighting(plan, moment, outcome, sentence, recovered(), clock.seconds());
  }

  private OptionalDouble recovered() {
    return recovery.isDone() ? OptionalDouble.of(recovery.join()) : OptionalDouble.empty();
  }

  private void begin() throws IOException {
    run.isDoneBy(ground.start(ground.train(plan.engine(), data, run.location(), options)));
  }

  /** A fault of the program's own. */
  private Outcome throwing(int times) throws Exception {
    long step = plan.step(Ground.steps(plan.engine()) - 1);
    int rank = plan.pick(1, Ground.RANKS);
    moment = "step %d, rank %d, %d times".formatted(step + 1, rank, times);
    options.add(
        "--conf=spark.lockstep.fault=rank=%d,step=%d,times=%d".formatted(rank, step, times));
    begin();
    options.removeIf(word -> word.contains("spark.lockstep.fault"));
    if (times > 3) {
      String cause = "injected fault on rank %d at step %d".formatted(rank, step + 1);
      return endsAndIsResumed(CLUSTER, cause);
    }
    awaitCheckpointBefore(step);
    return goesOn();
  }

  /** A fault that comes from outside. */
  private Outcome struck() throws Exception {
    begin();
    awaitMoment();
    return switch (plan.kind()) {
      case EXECUTOR_KILLED -> {
        executor().destroyForcibly();
        yield goesOn();
      }
      case ALL_EXECUTORS_KILLED -> {
        List<ProcessHandle> executors = executors();
        executors.forEach(ProcessHandle::destroyForcibly);
        yield goesOn();
      }
      case WORKER_KILLED -> {
        ground.cluster().kill(worker());
        watchRecovery();
        Thread.sleep((long) (3_000 * plan.dice().get(1)));
        ground.cluster().revive();
        yield goesOn();
      }
      case WORKER_LOST -> {
        ground.cluster().kill(worker());
        yield plan.engine().equals("tree")
            ? goesOn()
            : endsAndIsResumed(CLUSTER, "the first failure was: .*(executor|closed|lost)");
      }
      case EXECUTOR_FROZEN -> {
        signal("STOP", executor());
        yield goesOn();
      }
      case EXECUTOR_PAUSED -> {
        ProcessHandle executor = executor();
        signal("STOP", executor);
        watchRecovery();
        Thread.sleep((long) (15_000 * plan.dice().get(1)));
        signal("CONT", executor);
        yield goesOn();
      }
      case CONNECTION_CUT -> {
        network.cut();
        yield goesOn();
      }
      case NETWORK_SILENT -> {
        network.fallSilent();
        watchRecovery();
        Thread.sleep((long) (12_000 * plan.dice().get(1)));
        network.speak();
        yield goesOn();
      }
      case DATANODE_STOPPED -> {
        ground.hdfs().stopDataNode(plan.pick(0, Ground.DATA_NODES));
        yield goesOn();
      }
      default -> {
        run.driver().destroyForcibly();
        assertThat(run.awaitEnd(END)).isEqualTo(KILLED);
        yield resumed();
      }
    };
  }

  private void awaitMoment() throws Exception {
    if (!plan.isEarly()) {
      awaitStep();
      return;
    }
    moment = "the start";
    switch (plan.kind()) {
      case DRIVER_KILLED -> Thread.sleep((long) (8_000 * plan.dice().get(2)));
      case DATANODE_STOPPED -> {
        awaitBytes();
        moment = "the reading of data";
      }
      default -> {
        run.await("its executors", START, () -> ground.processes().executors().size() >= 4);
        Thread.sleep((long) (4_000 * plan.dice().get(2)));
      }
    }
  }

  /**
   * The driver has looked at some of the files, or executors have read some: both do nearly all.
   */
  private void awaitBytes() throws Exception {
    MiniHdfs hdfs = ground.hdfs();
    long bytes = hdfs.bytesServed() + (long) (plan.dice().get(2) * 1.5 * ground.bytesOnHdfs());
    run.await("data to be read", START, () -> hdfs.bytesServed() > bytes);
    Thread.sleep((long) (1_000 * plan.dice().get(3)));
  }

  private void awaitStep() throws Exception {
    long step = plan.step(Ground.steps(plan.engine()));
    awaitCheckpointBefore(step);
    Thread.sleep((long) (100 * plan.dice().get(3)));
    moment = "step %d".formatted(step);
  }

  private void awaitCheckpointBefore(long step) throws Exception {
    long checkpoint = step / Ground.CHECKPOINT * Ground.CHECKPOINT;
    run.await(
        "step " + step, START, () -> checkpoint == 0 ? run.hasBegun() : run.newest() >= checkpoint);
  }

  /** From the fault to two more checkpoints, since one may have been on its way. */
  private void watchRecovery() {
    if (recovery.isDone() || watcher != null) {
      return;
    }
    Clock since = new Clock();
    long enough = Math.min(run.newest() + 2 * Ground.CHECKPOINT, Ground.steps(plan.engine()));
    if (run.newest() >= enough) {
      return;
    }
    watcher =
        new Thread(
            () -> {
              try {
                while (run.newest() < enough) {
                  Thread.sleep(20);
                }
                recovery.complete(since.seconds());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "recovery");
    watcher.setDaemon(true);
    watcher.start();
  }

  private Thread watcher;

  /** It recovers by itself. */
  private Outcome goesOn() throws Exception {
    watchRecovery();
    int exit = run.awaitEnd(END);
    assertThat(exit).as("exit code; stderr: %s", run.err()).isZero();
    return Outcome.WENT_ON;
  }

  /** It ends with a code and a sentence that names the cause, and is then resumed. */
  private Outcome endsAndIsResumed(int code, String cause) throws Exception {
    int exit = run.awaitEnd(END);
    assertThat(exit).as("exit code; stderr: %s", run.err()).isEqualTo(code);
    sentence = run.sentence();
    assertThat(sentence).containsPattern(cause);
    ground.awaitEndOfRuns();
    if (plan.kind() != FaultKind.WORKER_LOST) {
      watchRecovery();
    }
    return resumed();
  }

  /** The same words again, or resumed in another way; either goes on to the same bits. */
  private Outcome resumed() throws Exception {
    watchRecovery();
    if (!run.hasBegun() || plan.pick(2, 4) == 0) {
      ground.cluster().heal();
      begin();
    } else {
      String other = plan.engine().equals("tree") ? "allreduce" : "tree";
      List<String> words = new ArrayList<>(List.of("resume", run.location()));
      switch (plan.pick(2, 4)) {
        case 1 -> words.addAll(ground.onCluster(plan.engine(), 2, options));
        case 2 -> words.addAll(ground.onCluster(other, 3, options));
        default -> words.add("--set=engine=local");
      }
      run.isDoneBy(ground.start(words));
    }
    int exit = run.awaitEnd(END);
    assertThat(exit).as("exit code when resumed; stderr: %s", run.err()).isZero();
    return Outcome.RESUMED;
  }

  /** A driver that a worker runs, and runs again. */
  private Outcome supervised() throws Exception {
    List<String> words =
        new ArrayList<>(ground.train(plan.engine(), data, run.location(), options));
    words.addAll(List.of("--deploy-mode=cluster", "--supervise"));
    words.add("--conf=spark.driver.extraJavaOptions=" + ground.shortLived());
    // One of four slots is the driver's.
    words.add("--set=ranks=3");
    Launcher.Running submission = ground.start(words);
    submission.await().expect(0);
    run.isSupervisedAfter(submission);
    if (plan.isEarly()) {
      run.await("a driver", START, () -> !ground.processes().supervisedDrivers().isEmpty());
      Thread.sleep((long) (4_000 * plan.dice().get(2)));
      moment = "the start";
    } else {
      awaitStep();
    }
    List<ProcessHandle> drivers = ground.processes().supervisedDrivers();
    assertThat(drivers).hasSize(1);
    drivers.get(0).destroyForcibly();
    watchRecovery();
    run.await("a finished run", END, this::isFinished);
    return Outcome.WENT_ON;
  }

  private boolean isFinished() {
    try {
      return new ObjectMapper()
              .readTree(run.directory().read("summary.json"))
              .path("exit")
              .asInt(-1)
          == 0;
    } catch (IOException e) { // It is not there yet, or not whole.
      return false;
    }
  }

  /** No room for the next checkpoint; the one before is kept. */
  private Outcome diskFull() throws Exception {
    begin();
    awaitStep();
    SmallDisk.fill(ground);
    int exit = run.awaitEnd(END);
    assertThat(exit).as("exit code; stderr: %s", run.err()).isEqualTo(DATA);
    sentence = run.sentence();
    assertThat(sentence).containsPattern("No space left on device");
    SmallDisk.empty(ground);
    return resumed();
  }

  private List<ProcessHandle> executors() {
    List<ProcessHandle> executors = ground.processes().executors();
    assertThat(executors).as("executors to strike").isNotEmpty();
    return executors;
  }

  private ProcessHandle executor() {
    List<ProcessHandle> executors = executors();
    return executors.get(plan.pick(0, executors.size()));
  }

  private ProcessHandle worker() throws IOException {
    List<ProcessHandle> workers = ground.cluster().workers();
    return workers.get(plan.pick(0, workers.size()));
  }

  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
        .inheritIO()
        .start()
        .waitFor();
  }

  /** After a fault that did harm the next one must find the ground as it was. */
  private void clear() throws Exception {
    if (watcher != null) {
      watcher.interrupt();
    }
    network.close();
    ground.endRuns();
    SmallDisk.unmount(ground);
  }
}
