package dev.lockstep.golden;

import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.setting.Settings;
import java.util.List;
import java.util.Map;

/**
 * An optimiser of src-test/golden/updates.py and trajectories.py.
 *
 * @param label its name there
 * @param kind ours
 * @param given its settings
 * @param updateRate its rate in updates.py
 * @param rate its rate in trajectories.py
 */
record GoldenOptimizer(
    String label, String kind, Map<String, String> given, float updateRate, double rate) {
  static final GoldenOptimizer MOMENTUM = new GoldenOptimizer("momentum", 0.1f, 0.2);
  static final GoldenOptimizer ADAM = new GoldenOptimizer("adam", 0.01f, 0.02);

  private GoldenOptimizer(String kind, float updateRate, double rate) {
    this(kind, kind, Map.of(), updateRate, rate);
  }

  static List<GoldenOptimizer> all() {
    return List.of(
        new GoldenOptimizer("sgd", 0.1f, 0.5),
        MOMENTUM,
        new GoldenOptimizer("nesterov", 0.1f, 0.1),
        new GoldenOptimizer("adagrad", 0.1f, 0.1),
        new GoldenOptimizer("rmsprop", 0.01f, 0.01),
        new GoldenOptimizer(
            "rmsprop-momentum",
            "rmsprop",
            Map.of("decay", "0.95", "epsilon", "1e-3", "momentum", "0.9"),
            0.01f,
            0.003),
        new GoldenOptimizer("rmsprop-centered", "rmsprop", Map.of("centered", "true"), 0.01f, 0.01),
        new GoldenOptimizer(
            "rmsprop-centered-momentum",
            "rmsprop",
            Map.of("decay", "0.9", "epsilon", "1e-4", "momentum", "0.5", "centered", "true"),
            0.01f,
            0.003),
        new GoldenOptimizer("adadelta", 1f, 10),
        ADAM,
        new GoldenOptimizer("amsgrad", "amsgrad", Map.of("beta2", "0.9"), 0.01f, 0.02),
        new GoldenOptimizer("adamw", 0.01f, 0.02),
        new GoldenOptimizer("nadam", 0.01f, 0.02),
        new GoldenOptimizer("lars", 1f, 20),
        new GoldenOptimizer("lars-plain", "lars", Map.of("momentum", "0", "trust", "0.02"), 1f, 3),
        new GoldenOptimizer("lamb", 0.01f, 0.02),
        new GoldenOptimizer(
            "lamb-bounded",
            "lamb",
            Map.of("norm-min", "0.5", "norm-max", "2", "weight-decay", "0"),
            0.01f,
            0.02));
  }

  Optimizer optimizer() {
    OptimizerKind found = Optimizers.KINDS.get(kind);
    return found.create(Settings.read(found, given));
  }

  /** The weight decay that goes with the kind. */
  Penalties penalties() {
    return new Penalties(0, 0, (float) Optimizers.KINDS.get(kind).weightDecay(), 0);
  }

  @Override
  public String toString() {
    return label;
  }
}
