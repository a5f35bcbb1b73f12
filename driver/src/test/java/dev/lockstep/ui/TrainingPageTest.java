package dev.lockstep.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.watch.Scores;
import dev.lockstep.watch.TrainingEnded;
import dev.lockstep.watch.TrainingProgressed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrainingPageTest {
  private static final String HOSTILE = RunStatusListenerTest.HOSTILE;

  private static LiveRun run(int id, String name, double slowness) {
    LiveRun run = new LiveRun(RunStatusListenerTest.started(id, name));
    for (long step = 10; step <= 100; step += 10) {
      run.progressed(RunStatusListenerTest.progressed(id, step, slowness));
    }
    return run;
  }

  private static String page(boolean isLive, RunView... runs) {
    return TrainingPage.content(List.of(runs), Optional.of(runs[0]), isLive);
  }

  @Test
  void nothingFromOutsideIsMarkup() {
    LiveRun failed = run(1, "runs/" + HOSTILE, 3);
    failed.ended(new TrainingEnded(1, 9, "failed", "rank 1: " + HOSTILE, Scores.NONE, Scores.NONE));
    String page = page(true, failed.view(), run(2, HOSTILE, 1).view());
    assertThat(page).doesNotContain("<img").contains("&lt;img src=x");
    String odd =
        page(
            true,
            run(3, "a", 1).view(),
            statusOf(new TrainingEnded(4, 9, HOSTILE, "", Scores.NONE, Scores.NONE)));
    assertThat(odd).doesNotContain("<img");
  }

  private static RunView statusOf(TrainingEnded ended) {
    LiveRun run = run(ended.run(), "b", 1);
    run.ended(ended);
    return run.view();
  }

  @Test
  void theRankThatHoldsUpTheOthersIsNamed() {
    String page = page(true, run(1, "runs/a", 2).view());
    assertThat(page)
        .contains("Rank 1 (executor 1 on &lt;img")
        .contains("computes 2.0 times as long as the median</b>; the others wait for it.");
    assertThat(page.split("<tr class=\"straggler\">")).hasSize(2);
    assertThat(page(true, run(1, "runs/a", 1.1).view()))
        .contains("No rank holds up the others: the slowest computes 10 % longer than the median")
        .doesNotContain("<tr class=\"straggler\">");
  }

  @Test
  void aRunThatGoesIsFetchedAgainAndOneOfThePastIsNot() {
    RunView run = run(1, "runs/a", 1).view();
    assertThat(page(true, run))
        .contains("data-going=\"true\"")
        .contains("<script>")
        .contains(">running</span>")
        .contains(" · about ");
    assertThat(page(false, run))
        .contains("data-going=\"false\"")
        .doesNotContain("<script>")
        .contains(">cut off</span>")
        .doesNotContain(" · about ");
  }

  @Test
  void severalRunsHaveARowEach() {
    RunView second = run(2, "fit b", 1).view();
    RunView first = run(1, "fit a", 1).view();
    String page = TrainingPage.content(List.of(second, first), Optional.of(first), true);
    assertThat(page)
        .contains("Runs of this application (2)")
        .contains("<a href=\"?run=2\">2 · fit b</a>")
        .contains("<tr class=\"chosen\"><td><a href=\"?run=1\">1 · fit a</a>");
  }

  @Test
  void aRunOfWhichNothingIsKnownIsDrawn() {
    RunView bare = new LiveRun(RunStatusListenerTest.started(1, "runs/a")).view();
    assertThat(page(true, bare)).contains("runs/a").contains("–").doesNotContain("NaN");
    LiveRun empty = new LiveRun(RunStatusListenerTest.started(2, "runs/b"));
    empty.progressed(new TrainingProgressed(2, 5, null, null, null, null, null, null));
    assertThat(page(false, empty.view())).doesNotContain("NaN").doesNotContain("<svg");
    assertThat(TrainingPage.content(List.of(), Optional.empty(), true))
        .contains("Nothing is trained yet.");
  }

  @Test
  void layersThatAreIllSayWhatHelps() {
    assertThat(page(true, run(1, "a", 1).view()))
        .contains("1 · dense 4x2")
        .contains("layer 1: too &lt;img")
        .contains("25.0 % dead");
  }
}
