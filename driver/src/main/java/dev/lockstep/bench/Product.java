package dev.lockstep.bench;

import dev.lockstep.layer.Dense;
import dev.lockstep.layer.Layer;
import dev.lockstep.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the products of a dense layer, with its counted work.
 *
 * @param direction which
 * @param rows B
 * @param inputs I
 * @param outputs O
 */
public record Product(Direction direction, int rows, int inputs, int outputs) {
  /** All products that a step over so many rows computes, in the order in which they first come. */
  public static List<Product> of(Network network, int rows) {
    List<Product> products = new ArrayList<>();
    boolean isFirst = true;
    for (Layer layer : network.layers()) {
      if (layer instanceof Dense dense) {
        int i = dense.inputs();
        int o = dense.outputs();
        products.add(new Product(Direction.FORWARD, rows, i, o));
        products.add(new Product(Direction.WEIGHT_GRADIENT, rows, i, o));
        if (!isFirst) {
          products.add(new Product(Direction.INPUT_GRADIENT, rows, i, o));
          products.add(new Product(Direction.TRANSPOSE, rows, i, o));
        }
        isFirst = false;
      }
    }
    return products;
  }

  /** Floating-point operations of a step over so many rows. */
  public static long flops(Network network, int rows) {
    return of(network, rows).stream().mapToLong(Product::flops).sum();
  }

  /** Floating-point operations, a multiply-add being two; the bias is not counted. */
  public long flops() {
    return direction == Direction.TRANSPOSE ? 0 : 2L * rows * inputs * outputs;
  }

  /** The least traffic: every operand read once, every result written once, 4 bytes a number. */
  public long bytes() {
    long x = (long) rows * inputs;
    long y = (long) rows * outputs;
    long w = (long) inputs * outputs;
    long numbers =
        switch (direction) {
          case FORWARD, WEIGHT_GRADIENT -> x + y + w + outputs;
          case INPUT_GRADIENT -> x + y + w;
          case TRANSPOSE -> 2 * w;
        };
    return numbers * Float.BYTES;
  }

  /** Operations a byte. */
  public double intensity() {
    return (double) flops() / (double) bytes();
  }

  /** The most GFLOP/s under a roof of so many GFLOP/s and GB/s. */
  public double bound(double peak, double bandwidth) {
    return Math.min(peak, intensity() * bandwidth);
  }

  /** {@code BxIxO}. */
  public String shape() {
    return "%dx%dx%d".formatted(rows, inputs, outputs);
  }
}
