package dev.lockstep.config;

import dev.lockstep.data.BatchGrowth;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the batch grows.
 *
 * @param factor what it is multiplied by at each milestone, from 1 on; 1 for never
 * @param milestones numbers of epochs after which it grows, ascending
 */
public record GrowthConfig(int factor, List<String> milestones) {
  private static final String FACTOR = "growth.factor";
  private static final String MILESTONES = "growth.milestones";
  private static final int MAX_FACTOR = 1 << 20;
  private static final Pattern EPOCH = Pattern.compile("[1-9][0-9]{0,6}");

  public GrowthConfig {
    milestones = List.copyOf(milestones);
    Checks checks = new Checks();
    checks.range(FACTOR, factor, 1, MAX_FACTOR);
    boolean areEpochs =
        checks.check(
            milestones.stream().allMatch(m -> EPOCH.matcher(m).matches()),
            MILESTONES,
            milestones,
            "want a list of numbers of epochs, such as [3, 6]");
    if (areEpochs) {
      List<Integer> epochs = milestones.stream().map(Integer::valueOf).toList();
      checks.check(
          epochs.equals(epochs.stream().sorted().distinct().toList()),
          MILESTONES,
          milestones,
          "want them ascending");
      checks.check(
          factor == 1 || !milestones.isEmpty(),
          FACTOR,
          factor,
          "want growth.milestones too, such as [3, 6]");
    }
    checks.done();
  }

  static GrowthConfig read(Values values) {
    return new GrowthConfig(values.wholeInt(FACTOR), values.texts(MILESTONES));
  }

  void write(Entries entries) {
    entries.put(FACTOR, factor);
    entries.put(MILESTONES, milestones);
  }

  BatchGrowth growth() {
    return new BatchGrowth(factor, milestones.stream().map(Integer::valueOf).toList());
  }
}
