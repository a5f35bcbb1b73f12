/**
 * Bytes from outside against the parsers that meet them first. {@link dev.lockstep.fuzz.FuzzTarget}
 * is a parser as an attacker has it; {@code -Pfuzz} lets Jazzer look for bytes that break one, and
 * what it found stays as a file that every build reads again.
 */
package dev.lockstep.fuzz;
