package dev.lockstep.loss;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/** A kind of loss that configurations name. */
public interface LossKind extends Kind {
  /** A weight for each class: an example counts as often as its own and its class's weight say. */
  Setting<List<Double>> CLASS_WEIGHTS =
      Setting.numbers(
          "class-weights",
          Range.NOT_NEGATIVE,
          "a weight for each class, times that of the example; all 1 if empty");

  /** How much of a target is spread over all classes. */
  Setting<Double> LABEL_SMOOTHING =
      Setting.number(
          "label-smoothing", 0, Range.BELOW_ONE, "the share e of a target that is spread evenly");

  /**
   * The loss with these settings.
   *
   * @throws dev.lockstep.setting.SettingsException if they do not go together
   */
  Loss create(Settings settings);
}
