package dev.lockstep.engine;

/** Training left the finite numbers; the message says at which step and where. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final StepRecord step;

  public DivergedException(StepRecord step) {
    super(message(step));
    this.step = step;
  }

  /** The step that diverged. */
  public StepRecord step() {
    return step;
  }

  private static String message(StepRecord step) {
    String what =
        !Double.isFinite(step.loss())
            ? "the loss is " + step.loss()
            : !Double.isFinite(step.gradNorm())
                ? "the norm of the gradient is " + step.gradNorm()
                : "a parameter or a slot of the optimiser is not finite";
    return "training diverged at step %d of epoch %d: %s; try a lower learning rate than %s"
        .formatted(step.step(), step.epoch(), what, step.learningRate());
  }
}
