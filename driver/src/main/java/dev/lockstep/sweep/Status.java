package dev.lockstep.sweep;

/** How a trial ended. */
enum Status {
  /** It reached the goal; where there is none, it came to its end. */
  COMPLETE,
  /** It diverged: that is known of these settings now. */
  INFEASIBLE,
  /** It did not reach the goal within its budget. */
  OUT_OF_BUDGET
}
