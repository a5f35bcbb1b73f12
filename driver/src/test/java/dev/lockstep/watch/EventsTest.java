package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.JsonProtocol$;
import org.junit.jupiter.api.Test;

/** Events through the very code that writes and reads Spark's event logs. */
final class EventsTest {
  private static final TrainingProgressed PROGRESS =
      new TrainingProgressed(
          3,
          1234,
          StepPoint.of(Rounds.step(7)),
          List.of(new StepPoint(7, 1, Double.NaN, 0.05, Double.POSITIVE_INFINITY)),
          List.of(new EpochPoint(7, 1, 0.1 + 0.2, Scores.NONE)),
          List.of(Pace.of(Rounds.round(1, 7))),
          List.of(new RankPace("executor 1 on <b>", 7, 1, 2, 3)),
          List.of(LayerPoint.of(Rounds.HEALTH)));

  private static String write(SparkListenerEvent event) {
    return JsonProtocol$.MODULE$.sparkEventToJsonString(event);
  }

  private static SparkListenerEvent read(String json) {
    return JsonProtocol$.MODULE$.sparkEventFromJson(json);
  }

  @Test
  void comeBackFromAnEventLogAsTheyWere() {
    for (SparkListenerEvent event :
        List.of(
            new TrainingStarted(3, 1230, Rounds.RUN),
            PROGRESS,
            new TrainingProgressed(3, 1, null, null, null, null, null, null),
            new TrainingEnded(3, 1240, "finished", "", new Scores(0.5, 0.75), Scores.NONE))) {
      assertThat(event.logEvent()).isTrue();
      String json = write(event);
      assertThat(json).contains("\"Event\":\"" + event.getClass().getName() + "\"");
      assertThat(read(json)).isEqualTo(event);
    }
  }

  /** Logs keep for years: what is written today is read by what comes after, and the other way. */
  @Test
  void ofOtherVersionsAreReadAsFarAsTheyGo() {
    String newer =
        write(PROGRESS)
            .replace("\"time\":1234", "\"time\":1234,\"weather\":{\"rain\":[1,2]}")
            .replaceAll("\"epoch\":1", "\"epoch\":1,\"moon\":\"full\"");
    assertThat(newer).contains("weather").contains("moon");
    assertThat(read(newer)).isEqualTo(PROGRESS);
    String older = "{\"Event\":\"dev.lockstep.watch.TrainingProgressed\",\"run\":3}";
    assertThat(read(older))
        .isEqualTo(
            new TrainingProgressed(
                3, 0, null, List.of(), List.of(), List.of(), List.of(), List.of()));
    TrainingStarted bare =
        (TrainingStarted)
            read(
                "{\"Event\":\"dev.lockstep.watch.TrainingStarted\",\"run\":3,\"description\":{\"ranks\":2}}");
    assertThat(bare.description().ranks()).isEqualTo(2);
    assertThat(bare.description().name()).isEmpty();
    assertThat(bare.description().epochs()).isZero();
  }
}
