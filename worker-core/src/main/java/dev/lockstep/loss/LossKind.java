package dev.lockstep.loss;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Settings;

/** A kind of loss, such as {@code softmax-cross-entropy}. */
public interface LossKind extends Kind {
  /** The loss with these settings. */
  Loss create(Settings settings);
}
