package dev.lockstep.data;

import java.util.Arrays;
import java.util.List;

/**
 * Draws digits: a glyph is distorted, its curves are cut into short lines, and each pixel is inked
 * by its distance to the nearest one. Holds scratch; for one thread.
 *
 * <p>Only sums, products, quotients, square roots and StrictMath are used, so that the bits are the
 * same on every JVM.
 */
final class DigitPen {
  /** Height and width of an image. */
  static final int SIDE = 28;

  private static final float UNITS_PER_PIXEL = 5;
  private static final float EDGE_OF_IMAGE = 0.5f;
  private static final int LINES_PER_SPAN = 5;
  private static final int MAX_POINTS = 32;
  private static final int MAX_LINES = 256;

  // How writers differ: standard deviations, about a mean where there is one. They are such that a
  // small network finds these digits as hard as MNIST's.

  /** Of each point, in units of the sheet. */
  private static final float JITTER = 4.3f;

  /** In radians. */
  private static final float ROTATION = 0.16f;

  private static final float MEAN_SLANT = 0.12f;
  private static final float SLANT = 0.24f;
  private static final float WIDTH = 0.18f;
  private static final float MEAN_HEIGHT = 0.92f;
  private static final float HEIGHT = 0.08f;

  /** Of straight lines, in units at one unit from the middle. */
  private static final float BEND = 0.0026f;

  /** Of the lower half's width against the upper's, for each unit from the middle. */
  private static final float SWELL = 0.005f;

  /** In pixels, as the rest. */
  private static final float SHIFT = 1.35f;

  private static final float MEAN_RADIUS = 0.8f;
  private static final float RADIUS = 0.28f;
  private static final float MIN_RADIUS = 0.3f;
  private static final float MIN_EDGE = 0.8f;
  private static final float MAX_EDGE = 1.5f;

  /** The bits of 1. */
  private static final int ONE = 0x3F800000;

  /** Of rows and columns. */
  private static final float[] CENTRES = new float[SIDE];

  static {
    for (int i = 0; i < SIDE; i++) {
      CENTRES[i] = i + 0.5f;
    }
  }

  /** The most that a pixel may lose. */
  private static final float GRAIN = 0.12f;

  private final float[] x = new float[MAX_POINTS];
  private final float[] y = new float[MAX_POINTS];

  /** Ends of the lines; the pen is up before those marked. */
  private final float[] lineX = new float[MAX_LINES];

  private final float[] lineY = new float[MAX_LINES];
  private final boolean[] penUp = new boolean[MAX_LINES];
  private int ends;

  /**
   * Square of the distance from each pixel's centre to the nearest line, as the bits of a float:
   * those of floats that are not negative are ordered as the floats are, and compared far sooner.
   */
  private final int[] distances = new int[SIDE * SIDE];

  /** Draws a digit; {@code pixels[28, 28]} is overwritten. */
  void draw(int digit, Draws draws, byte[] pixels) {
    List<DigitGlyph> styles = DigitGlyph.of(digit);
    DigitGlyph glyph = styles.get(draws.below(styles.size()));
    distort(glyph, draws);
    flatten(glyph);
    float radius = Math.max(MIN_RADIUS, MEAN_RADIUS + draws.normal(RADIUS));
    float edge = draws.uniform(MIN_EDGE, MAX_EDGE);
    place(radius + edge + EDGE_OF_IMAGE, draws);
    measure(radius + edge);
    ink(radius, edge, draws, pixels);
  }

  /** Moves every point of the glyph: each a little, then all by one map of the sheet. */
  private void distort(DigitGlyph glyph, Draws draws) {
    float angle = draws.normal(ROTATION);
    float cos = (float) StrictMath.cos(angle);
    float sin = (float) StrictMath.sin(angle);
    float slant = MEAN_SLANT + draws.normal(SLANT);
    float width = (1 + draws.normal(WIDTH)) / UNITS_PER_PIXEL;
    float height = (MEAN_HEIGHT + draws.normal(HEIGHT)) / UNITS_PER_PIXEL;
    float bendX = draws.normal(BEND);
    float bendY = draws.normal(BEND);
    float swell = draws.normal(SWELL);
    for (int p = 0; p < glyph.points(); p++) {
      float u = glyph.x(p) - DigitGlyph.MIDDLE_X + draws.normal(JITTER);
      float v = glyph.y(p) - DigitGlyph.MIDDLE_Y + draws.normal(JITTER);
      float across = (u + bendX * v * v) * (1 + swell * v) * width;
      float down = (v + bendY * u * u) * height;
      float slanted = across + slant * -down;
      x[p] = cos * slanted - sin * down;
      y[p] = sin * slanted + cos * down;
    }
  }

  /** Cuts the curves (Catmull-Rom splines through the points) into lines. */
  private void flatten(DigitGlyph glyph) {
    ends = 0;
    for (int s = 0; s < glyph.strokes(); s++) {
      int first = glyph.point(s, 0);
      addEnd(x[first], y[first], true);
      for (int i = 1; i < glyph.length(s); i++) {
        int a = glyph.point(s, i - 2);
        int b = glyph.point(s, i - 1);
        int c = glyph.point(s, i);
        int d = glyph.point(s, i + 1);
        for (int k = 1; k <= LINES_PER_SPAN; k++) {
          float t = (float) k / LINES_PER_SPAN;
          addEnd(spline(x[a], x[b], x[c], x[d], t), spline(y[a], y[b], y[c], y[d], t), false);
        }
      }
    }
  }

  private void addEnd(float endX, float endY, boolean up) {
    lineX[ends] = endX;
    lineY[ends] = endY;
    penUp[ends] = up;
    ends++;
  }

  private static float spline(float a, float b, float c, float d, float t) {
    float linear = c - a;
    float square = 2 * a - 5 * b + 4 * c - d;
    float cube = 3 * (b - c) + d - a;
    return b + 0.5f * t * (linear + t * (square + t * cube));
  }

  /** Puts the lines near the middle of the image, nearer together if they would not fit. */
  private void place(float margin, Draws draws) {
    center(lineX, margin, draws.normal(SHIFT));
    center(lineY, margin, draws.normal(SHIFT));
  }

  private void center(float[] ordinates, float margin, float shift) {
    float low = ordinates[0];
    float high = ordinates[0];
    for (int i = 1; i < ends; i++) {
      low = Math.min(low, ordinates[i]);
      high = Math.max(high, ordinates[i]);
    }
    float room = SIDE - 2 * margin;
    float scale = Math.min(1, room / (high - low));
    float slack = (room - (high - low) * scale) / 2;
    float offset = SIDE / 2f + Math.max(-slack, Math.min(slack, shift));
    float middle = (low + high) / 2;
    for (int i = 0; i < ends; i++) {
      ordinates[i] = (ordinates[i] - middle) * scale + offset;
    }
  }

  /** Finds the distances of all pixels that are within {@code reach} of a line. */
  private void measure(float reach) {
    Arrays.fill(distances, Float.floatToRawIntBits(reach * reach));
    for (int i = 1; i < ends; i++) {
      if (!penUp[i]) {
        measureLine(lineX[i - 1], lineY[i - 1], lineX[i], lineY[i], reach);
      }
    }
  }

  private void measureLine(float ax, float ay, float bx, float by, float reach) {
    float dx = bx - ax;
    float dy = by - ay;
    float scale = 1 / (dx * dx + dy * dy + 1e-9f);
    int left = clamp(Math.min(ax, bx) - reach);
    int right = clamp(Math.max(ax, bx) + reach);
    int top = clamp(Math.min(ay, by) - reach);
    int bottom = clamp(Math.max(ay, by) + reach);
    for (int row = top; row <= bottom; row++) {
      float py = CENTRES[row] - ay;
      float down = py * dy;
      for (int column = left; column <= right; column++) {
        float px = CENTRES[column] - ax;
        float along = clampToUnit((px * dx + down) * scale);
        float awayX = px - along * dx;
        float awayY = py - along * dy;
        int distance = Float.floatToRawIntBits(awayX * awayX + awayY * awayY);
        int pixel = row * SIDE + column;
        distances[pixel] = Math.min(distances[pixel], distance);
      }
    }
  }

  /** A number that is not NaN into [0, 1]. */
  private static float clampToUnit(float number) {
    int bits = Float.floatToRawIntBits(number);
    return Float.intBitsToFloat(Math.min(bits & ~(bits >> 31), ONE));
  }

  private static int clamp(float ordinate) {
    return Math.max(0, Math.min(SIDE - 1, (int) ordinate));
  }

  /** Inks the pixels: full to the radius, fading over the edge, with a little grain. */
  private void ink(float radius, float edge, Draws draws, byte[] pixels) {
    float reach = radius + edge;
    // Most pixels are beyond the reach and stay blank, unless rounding gives them a trace of ink.
    float trace = reach - (float) Math.sqrt(reach * reach);
    int blank = trace > 0 ? -1 : Float.floatToRawIntBits(reach * reach);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 0;
      if (distances[i] != blank) {
        float distance = (float) Math.sqrt(Float.intBitsToFloat(distances[i]));
        float fade = (reach - distance) / edge;
        if (fade > 0) {
          float grain = 1 - draws.uniform(0, GRAIN);
          pixels[i] = (byte) (int) (255 * Math.min(1, fade) * grain);
        }
      }
    }
  }
}
