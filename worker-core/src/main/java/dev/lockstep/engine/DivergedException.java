package dev.lockstep.engine;

/** Training left the finite numbers; the message says at which step and where. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A mean loss above this counts as diverged too: logits of that size leave float32 no digit for
   * the differences that a loss is made of. Such a run may come back to finite numbers with all its
   * hidden units dead, which would be a wrong model without a word.
   */
  public static final double MAX_LOSS = 1e10;

  private final StepRecord step;

  public DivergedException(StepRecord step) {
    this(step, "");
  }

  private DivergedException(StepRecord step, String where) {
    super(message(step, where));
    this.step = step;
  }

  /** The same, with a clause that says where the numbers went wrong first. */
  public DivergedException located(String where) {
    return new DivergedException(step, "; " + where);
  }

  /** The step that diverged. */
  public StepRecord step() {
    return step;
  }

  private static String message(StepRecord step, String where) {
    String what;
    if (!Double.isFinite(step.loss())) {
      what = "the loss is " + step.loss();
    } else if (!Double.isFinite(step.gradNorm())) {
      what = "the norm of the gradient is " + step.gradNorm();
    } else if (step.loss() > MAX_LOSS) {
      what = "the loss is %s, above %s".formatted(step.loss(), MAX_LOSS);
    } else {
      what = "a parameter or a slot of the optimiser is not finite";
    }
    return "training diverged at step %d of epoch %d: %s%s; try a lower learning rate than %s"
        .formatted(step.step(), step.epoch(), what, where, step.learningRate());
  }
}
