package dev.lockstep.data;

import java.io.Serializable;
import java.util.List;

/**
 * A batch that grows where otherwise the rate would fall (Smith, Kindermans, Ying and Le, "Don't
 * Decay the Learning Rate, Increase the Batch Size", 2018, section 3).
 *
 * @param factor what the batch is multiplied by at each milestone, at least 1
 * @param milestones numbers of epochs after which it grows, ascending, each at least 1
 */
public record BatchGrowth(int factor, List<Integer> milestones) implements Serializable {
  /** A batch that stays as it is. */
  public static final BatchGrowth NONE = new BatchGrowth(1, List.of());

  public BatchGrowth {
    milestones = List.copyOf(milestones);
    if (factor < 1) {
      throw new IllegalArgumentException("growth.factor = %d: want 1 or more".formatted(factor));
    }
    int before = 0;
    for (int milestone : milestones) {
      if (milestone <= before) {
        throw new IllegalArgumentException(
            "growth.milestones = %s: want numbers of epochs from 1 on, ascending"
                .formatted(milestones));
      }
      before = milestone;
    }
  }

  /** Whether it ever does anything. */
  public boolean isOn() {
    return factor > 1 && !milestones.isEmpty();
  }

  /** The batch size after so many milestones; no more than n. */
  int batchSize(int first, int passed, long examples) {
    long size = first;
    for (int m = 0; m < passed && size < examples; m++) {
      size *= factor;
    }
    return passed == 0 ? first : (int) Math.min(Integer.MAX_VALUE, Math.min(size, examples));
  }
}
