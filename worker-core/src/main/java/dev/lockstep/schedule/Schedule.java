package dev.lockstep.schedule;

import java.io.Serializable;

/** A learning rate as a function of the step. */
public interface Schedule extends Serializable {
  /** The rate of a step (from 0): how far the update at its end goes. */
  double rate(long step);
}
