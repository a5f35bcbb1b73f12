package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.metric.ShardSums;
import dev.lockstep.metric.VectorErrors;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static String json(VectorErrors errors, ClassCounts classes) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    ShardSums sums = new ShardSums(0, 4, 6, 3, Double.NaN, errors);
    Figures.put(json, "test_", new Evaluation(List.of(sums), classes));
    return json.toString();
  }

  @Test
  void classesHaveAnAccuracy() {
    ClassCounts classes =
        new ClassCounts(
            List.of(3L, 1L), List.of(4L, 0L), List.of(3L, 0L), List.of(3L, 1L), List.of());
    assertThat(json(VectorErrors.NONE, classes))
        .isEqualTo("{\"test_loss\":2.0,\"test_accuracy\":0.75}");
  }

  @Test
  void vectorsHaveErrorsInItsPlace() {
    VectorErrors errors =
        new VectorErrors(4, List.of(2.0), List.of(2.0), List.of(0.0), List.of(8.0));
    assertThat(json(errors, ClassCounts.NONE))
        .isEqualTo("{\"test_loss\":2.0,\"test_mse\":0.5,\"test_r2\":0.75}");
  }
}
