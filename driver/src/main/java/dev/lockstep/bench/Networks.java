package dev.lockstep.bench;

import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Training;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.List;

/** Networks to measure: that of a configuration, and others of a wanted size over digits. */
final class Networks {
  private static final int FEATURES = 28 * 28;
  private static final int CLASSES = 10;

  private final Training configured;

  Networks(RunConfig config) {
    this.configured = config.toTraining(1, FEATURES);
  }

  /** That of the configuration. */
  Network configured() {
    return configured.network();
  }

  /** Bytes of an example. */
  int features() {
    return FEATURES;
  }

  /** One with two hidden layers of the same width, with about so many parameters. */
  Network ofSize(int parameters) {
    // (I + 1) h + (h + 1) h + (h + 1) C parameters.
    double linear = FEATURES + 2 + CLASSES;
    double width = (Math.sqrt(linear * linear + 4.0 * (parameters - CLASSES)) - linear) / 2;
    String hidden = "dense %d relu".formatted(Math.max(1, Math.round(width)));
    return NetworkParser.parse(FEATURES, List.of(hidden, hidden, "dense " + CLASSES));
  }

  /** Training of a network as the configuration says, over other data. */
  Training training(Network network, int examples, int batch, int shards) {
    return new Training(
        network,
        configured.loss(),
        configured.update().optimizer(),
        configured.update().schedule(),
        new BatchPlan(examples, batch, shards, 1, true));
  }

  /**
   * Heap that the reference engine needs: the state before and after a round, the one it works on,
   * a gradient and transposed weights.
   */
  long bytesAlone(Network network) {
    return network.layout().length() * (3L * vectors() + 2) * Float.BYTES;
  }

  /**
   * Heap that ranks of one JVM need at most: three states more (sent as bytes, given back as bytes,
   * the new one), and for each rank a gradient, one for the driver, and transposed weights.
   */
  long bytesExchanging(Network network, int ranks) {
    return network.layout().length() * (6L * vectors() + 3L * ranks) * Float.BYTES;
  }

  /** Vectors of a state. */
  private int vectors() {
    return 1 + configured.slots().size();
  }
}
