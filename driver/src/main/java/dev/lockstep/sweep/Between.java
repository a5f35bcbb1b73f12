package dev.lockstep.sweep;

import dev.lockstep.compare.Places;

/**
 * Two cells whose solutions are joined by lines.
 *
 * @param first the label of the cell at 0
 * @param second the label of the cell at 1
 * @param places where the lines are evaluated
 */
record Between(String first, String second, Places places) {}
