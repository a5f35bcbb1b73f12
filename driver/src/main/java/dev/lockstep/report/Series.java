package dev.lockstep.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/**
 * What is drawn in one colour.
 *
 * @param name for the legend; empty for none
 * @param style how it is drawn
 * @param colour one of the colours of a page, from 0; {@link #MUTED} for a grey
 * @param points x and y of each
 */
record Series(String name, Style style, int colour, List<double[]> points) {
  static final int MUTED = -1;

  /** More digits than an eye can tell, and fewer than a double has. */
  private static final MathContext DIGITS = new MathContext(7);

  /** How a series is drawn. */
  enum Style {
    LINE,
    FAINT,
    POINTS,
    DASHED,
    BARS,
    STACK,
    DASH
  }

  Series {
    points = List.copyOf(points);
  }

  static Series line(String name, int colour, List<double[]> points) {
    return new Series(name, Style.LINE, colour, points);
  }

  void write(ObjectNode json) {
    json.put("name", name);
    json.put("style", style.name().toLowerCase(Locale.ROOT));
    json.put("colour", colour);
    ArrayNode all = json.putArray("points");
    for (double[] point : points) {
      ArrayNode one = all.addArray();
      for (double value : point) {
        add(one, value);
      }
    }
  }

  private static void add(ArrayNode to, double value) {
    if (Double.isFinite(value)) {
      BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros();
      if (rounded.scale() <= 0 && rounded.precision() - rounded.scale() < DIGITS.getPrecision()) {
        to.add(rounded.longValueExact());
      } else {
        to.add(rounded);
      }
    } else {
      to.addNull();
    }
  }
}
