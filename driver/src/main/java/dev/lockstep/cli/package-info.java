/**
 * The command line: {@link dev.lockstep.cli.Lockstep} is its entry. The only place that ends the
 * JVM or writes to stdout, which carries results only; progress and errors go to stderr.
 */
package dev.lockstep.cli;
