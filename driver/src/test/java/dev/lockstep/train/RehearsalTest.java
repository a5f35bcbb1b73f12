package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a run is made of can be rehearsed, and ends well even where the run would not. */
class RehearsalTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "layers = [dense 10]",
        "layers = [dense 300 tanh, dense 7 relu, dense 1000000 sigmoid, dense 10]",
        "batch-size = 1",
        "batch-size = 60000, shards = 1",
        "batch-size = 20, shards = 7, data.shuffle = none",
        "optimizer { name = adam, learning-rate = 1e6 }",
        "optimizer.name = sgd, schedule.warm-up = 10, kernel = scalar",
        "layers = [dropout 0.12345678901234, dense 300 leaky-relu 0.98765432109, dense 10]",
        "layers = [maxout 300 70, noise 100, dense 90], loss.name = hinge, loss.class-weights = "
            + "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
            + "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
            + "1,1,1]",
      })
  void trainsAMiniature(String text) throws IOException {
    RunConfig config = ConfigReader.read(Optional.of(text), "my.conf", List.of());
    ResolvedRun run = ResolvedRun.of(config, FileData.open(config));
    try (Rehearsal rehearsal = Rehearsal.of(run)) {
      assertThatCode(rehearsal::run).doesNotThrowAnyException();
    }
  }
}
