package dev.lockstep.bench.cost;

/**
 * What a phase of an exchange asks of those who have the most to do in it. Counts, no seconds.
 *
 * @param frames that an executor sends, each to another executor
 * @param bytes that an executor sends or takes, whichever are more
 * @param hostBytes that a host sends to others or takes from them, whichever are more
 * @param additions floats that a rank adds to others
 */
public record Phase(int frames, long bytes, long hostBytes, long additions) {}
