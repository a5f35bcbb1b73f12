package dev.lockstep.gradient;

import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.Shard;
import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Targets;

/**
 * The way of examples from shards into blocks of rows: bytes become floats in [0, 1], floats stay
 * as they are. For use by one thread.
 */
public final class ExampleRows {
  private final ElementKernels kernels;
  private final ExampleFormat format;
  private final byte[] scratch;
  private final Targets targets;

  /** For blocks of at most so many rows. */
  public ExampleRows(ElementKernels kernels, ExampleFormat format, int rows) {
    this.kernels = kernels;
    this.format = format;
    this.scratch = new byte[format.bytes()];
    this.targets =
        new Targets(
            format.hasClass() ? new int[rows] : null,
            format.hasClass() ? null : Panels.allocate(rows, format.targets()),
            format.isWeighted() ? new float[rows] : null);
  }

  /** The targets of the rows filled last. */
  public Targets targets() {
    return targets;
  }

  /** Fills a row of x[B,I] and of the targets with an item of a shard of this format. */
  public void fill(Shard shard, int item, Panels x, int row) {
    byte[] bytes = shard.bytes(item, scratch);
    int at = shard.offset(item);
    switch (format.element()) {
      case BYTE -> kernels.unit(bytes, at, x, row);
      case FLOAT -> kernels.floats(bytes, at, x, row);
    }
    if (format.hasClass()) {
      targets.classes()[row] = shard.label(item);
    } else {
      for (int o = 0; o < format.targets(); o++) {
        targets.values().set(row, o, format.target(bytes, at, o));
      }
    }
    if (format.isWeighted()) {
      targets.weights()[row] = format.weight(bytes, at);
    }
  }
}
