/**
 * Runs side by side: what they were asked for, what they came to, and where they first differ. It
 * reads run directories and changes nothing.
 */
package dev.lockstep.compare;
