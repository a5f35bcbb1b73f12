package dev.lockstep.faults;

import java.io.IOException;
import java.util.List;

/**
 * What a fault plan does to the network: nothing, or something between the executors (allreduce),
 * or between them and the driver's blocks, which are the parameters of each step (tree).
 */
final class Network implements AutoCloseable {
  /** The driver, four executors, their successors. */
  private static final int PORTS = 24;

  private final FaultPlan plan;
  private final Interposer interposer;

  private Network(FaultPlan plan, Interposer interposer) {
    this.plan = plan;
    this.interposer = interposer;
  }

  static Network of(FaultPlan plan) throws IOException {
    return switch (plan.kind()) {
      case CONNECTION_CUT, NETWORK_SILENT -> new Network(plan, Interposer.open(PORTS));
      default -> new Network(plan, null);
    };
  }

  /** The words that lead a run through it. */
  List<String> options() {
    if (interposer == null) {
      return List.of();
    }
    return plan.engine().equals("tree")
        ? List.of(
            "--conf=spark.driver.host=" + Interposer.HOST,
            "--conf=spark.driver.bindAddress=127.0.0.1",
            "--conf=spark.driver.port=" + rpcPort(),
            "--conf=spark.driver.blockManager.port=" + interposer.port())
        : List.of(
            "--set=exchange.host=" + Interposer.HOST,
            "--set=exchange.bind=127.0.0.1",
            "--set=exchange.port=" + interposer.port());
  }

  private int rpcPort() {
    return interposer.port() + PORTS - 1;
  }

  void cut() {
    interposer.cut(plan.pick(0, PORTS), plan.pick(1, 2) == 0);
  }

  void fallSilent() {
    interposer.fallSilent();
  }

  void speak() {
    interposer.speak();
  }

  @Override
  public void close() throws IOException {
    if (interposer != null) {
      interposer.close();
    }
  }
}
