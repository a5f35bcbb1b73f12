package dev.lockstep.optimizer;

import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code adamw}: Adam with decoupled weight decay (Loshchilov and Hutter 2019, "Decoupled weight
 * decay regularization", algorithm 2).
 *
 * <p>The update is {@link Adam}'s. The decay, {@code p = p - rate decay p} before it, is not the
 * optimiser's business: any optimiser can have it, over the weights alone. This kind has it by
 * default, as much as PyTorch's. PyTorch decays biases too, unless they are in a group of their
 * own.
 */
public record AdamW() implements OptimizerKind {
  private static final double WEIGHT_DECAY = 0.01;

  @Override
  public String name() {
    return "adamw";
  }

  @Override
  public String meaning() {
    return "adam, after p -= rate decay p over the weights";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(Adam.BETA1, Adam.BETA2, Adam.EPSILON);
  }

  @Override
  public Adam create(Settings settings) {
    return new Adam.Kind().create(settings);
  }

  @Override
  public double weightDecay() {
    return WEIGHT_DECAY;
  }
}
