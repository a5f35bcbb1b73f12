package dev.lockstep.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * One fault, as a pure function of a seed and an index: interrupted suites go on where they were,
 * and a fault that did harm comes back by its number. Each kind comes once with each engine before
 * any comes again, in an order of its own every time around.
 *
 * @param seed the suite's seed
 * @param index its number, from 0
 * @param kind what happens
 * @param engine to which engine, allreduce or tree
 * @param moment when, uniform in [0, 1): while the run still starts, or as a share of its steps
 * @param dice what else is left to chance, uniform in [0, 1)
 */
record FaultPlan(
    long seed, int index, FaultKind kind, String engine, double moment, List<Double> dice) {
  /** The share of faults that come while executors start and read their data. */
  static final double STARTING = 0.12;

  /** The share of lost DataNodes that are lost while data are read. */
  static final double READING = 0.5;

  private static final int DICE = 4;

  FaultPlan {
    dice = List.copyOf(dice);
  }

  /** A kind of fault and the engine that it comes to. */
  private record Cell(FaultKind kind, String engine) {}

  /** The fault of a number. */
  static FaultPlan of(long seed, int index) {
    List<Cell> cells = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      cells.add(new Cell(kind, "allreduce"));
      cells.add(new Cell(kind, "tree"));
    }
    int round = index / cells.size();
    Collections.shuffle(cells, new Random(chances(seed, -1 - round).nextLong()));
    Cell cell = cells.get(index % cells.size());
    return of(seed, index, cell.kind(), cell.engine());
  }

  /** A fault of this kind, with the chances of a number. */
  static FaultPlan of(long seed, int index, FaultKind kind, String engine) {
    List<Double> dice = chances(seed, index).doubles(DICE + 1).boxed().toList();
    return new FaultPlan(seed, index, kind, engine, dice.get(0), dice.subList(1, DICE + 1));
  }

  private static SplittableRandom chances(long seed, int index) {
    return new SplittableRandom(1_000_003 * seed + index);
  }

  /** Whether it comes before the first step. */
  boolean isEarly() {
    return moment < early();
  }

  private double early() {
    return switch (kind) {
      case TASK_THROWS, TASK_ALWAYS_THROWS, DISK_FULL, CONNECTION_CUT, NETWORK_SILENT -> 0;
      case DATANODE_STOPPED -> READING;
      default -> STARTING;
    };
  }

  /** The step after which it comes, of so many. */
  long step(long steps) {
    double share = Math.max(0, (moment - early()) / (1 - early()));
    return 1 + (long) (share * (steps - 1));
  }

  /** One of {@code n} by a die. */
  int pick(int die, int n) {
    return (int) (dice.get(die) * n);
  }

  /** A name for people: {@code 17 EXECUTOR_KILLED allreduce}. */
  String title() {
    return "%d %s %s".formatted(index, kind, engine);
  }
}
