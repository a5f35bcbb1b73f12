package dev.lockstep.train;

import dev.lockstep.engine.RoundResult;

/** Watches a run, round by round; what it hears is committed. */
interface TrainingListener {
  void onRound(RoundResult result, Milestone milestone);
}
