package dev.lockstep.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One way to write a digit: strokes through points of a sheet 70 wide and 100 high, y downwards.
 *
 * <p>A stroke is a smooth curve through its points; one that ends where it began is a loop without
 * a corner. Strokes that name the same point stay joined however it is moved.
 */
final class DigitGlyph {
  /** Middle of the sheet. */
  static final float MIDDLE_X = 35;

  /** Middle of the sheet. */
  static final float MIDDLE_Y = 50;

  private static final List<List<DigitGlyph>> STYLES =
      List.of(
          styles(
              "36 0, 8 24, 6 72, 34 100, 62 74, 64 26, 36 0",
              "35 0, 14 22, 13 78, 35 100, 56 78, 57 22, 35 0",
              "52 8, 22 8, 4 50, 24 96, 56 84, 66 40, 50 8, 34 4"),
          styles(
              "35 0, 35 50, 35 100",
              "37 0, 35 50, 34 100",
              "18 26, 38 0 / 38 0, 37 50, 36 100",
              "16 24, 36 0 / 36 0, 36 50, 36 100 / 14 100, 36 100, 58 99"),
          styles(
              "8 24, 22 4, 44 1, 60 18, 54 44, 32 72, 5 98 / 5 98, 36 97, 68 97",
              "10 20, 26 2, 48 2, 60 20, 52 48, 30 78, 12 94, 4 84, 18 78, 42 92, 69 92",
              "12 12, 40 2, 58 16, 50 44, 28 74, 8 96 / 8 96, 36 88, 66 96"),
          styles(
              "10 12, 34 0, 57 14, 50 37, 26 46 / 26 46, 56 55, 64 77, 44 98, 8 90",
              "8 4, 34 3, 60 3 / 60 3, 44 24, 28 42 / 28 42, 56 52, 63 76, 42 98, 8 90",
              "12 10, 40 0, 56 18, 42 40, 26 47, 48 53, 62 74, 46 97, 22 100, 6 88"),
          styles(
              "14 4, 10 32, 7 58 / 7 58, 40 55, 68 53 / 54 8, 52 52, 48 100",
              "50 0, 28 34, 4 68 / 4 68, 36 67, 70 65 / 50 0, 50 50, 48 100",
              "12 2, 8 32, 22 50, 42 48, 58 30 / 60 0, 58 30, 53 66, 50 100"),
          styles(
              "62 2, 40 3, 20 4 / 20 4, 18 24, 15 44 / 15 44, 42 38, 63 58, 58 85, 34 99, 6 90",
              "63 3, 36 2, 20 15, 20 36, 46 47, 61 66, 50 92, 26 100, 6 90",
              "20 4, 18 24, 16 42 / 16 42, 42 40, 60 60, 54 88, 30 99, 7 90 / 20 4, 42 5, 66 2"),
          styles(
              "52 0, 26 24, 9 60, 16 90, 38 100, 58 86, 54 62, 34 55, 12 70",
              "40 0, 18 34, 11 74, 32 100, 55 86, 50 62, 30 58, 13 76",
              "58 6, 34 8, 12 40, 6 76, 24 99, 50 96, 62 76, 48 57, 24 60, 8 78"),
          styles(
              "6 6, 36 6, 64 3 / 64 3, 44 44, 28 100",
              "6 6, 36 6, 64 3 / 64 3, 46 42, 32 100 / 20 52, 42 50, 62 47",
              "6 20, 8 4 / 8 4, 38 6, 66 4 / 66 4, 48 36, 38 100"),
          styles(
              "58 14, 36 0, 12 14, 22 38, 50 58, 60 82, 36 100, 10 84, 20 60, 48 40, 58 14",
              "36 0, 16 10, 16 36, 36 47, 56 36, 56 10, 36 0"
                  + " / 36 47, 10 60, 8 88, 36 100, 64 88, 62 60, 36 47",
              "62 6, 36 0, 12 18, 30 44, 56 68, 46 96, 16 94, 14 70, 40 44, 62 6"),
          styles(
              "58 22, 36 0, 10 14, 12 42, 38 50, 58 22 / 58 22, 56 60, 48 100",
              "60 14, 36 0, 10 18, 18 46, 44 46, 60 14 / 60 14, 62 62, 46 94, 14 96",
              "58 10, 30 2, 9 24, 22 46, 46 38, 58 10 / 58 10, 50 52, 28 100"));

  private final float[] x;
  private final float[] y;
  private final int[][] strokes;

  private DigitGlyph(float[] x, float[] y, int[][] strokes) {
    this.x = x;
    this.y = y;
    this.strokes = strokes;
  }

  /** The ways to write a digit, 0 to 9. */
  static List<DigitGlyph> of(int digit) {
    return STYLES.get(digit);
  }

  private static List<DigitGlyph> styles(String... drawings) {
    List<DigitGlyph> glyphs = new ArrayList<>();
    for (String drawing : drawings) {
      glyphs.add(parse(drawing));
    }
    return Collections.unmodifiableList(glyphs);
  }

  private static DigitGlyph parse(String drawing) {
    List<String> points = new ArrayList<>();
    String[] lines = drawing.split(" / ", -1);
    int[][] strokes = new int[lines.length][];
    for (int s = 0; s < lines.length; s++) {
      String[] path = lines[s].split(", ", -1);
      strokes[s] = new int[path.length];
      for (int i = 0; i < path.length; i++) {
        if (!points.contains(path[i])) {
          points.add(path[i]);
        }
        strokes[s][i] = points.indexOf(path[i]);
      }
    }
    float[] x = new float[points.size()];
    float[] y = new float[points.size()];
    for (int i = 0; i < x.length; i++) {
      String point = points.get(i);
      int space = point.indexOf(' ');
      x[i] = Integer.parseInt(point.substring(0, space));
      y[i] = Integer.parseInt(point.substring(space + 1));
    }
    return new DigitGlyph(x, y, strokes);
  }

  /** How many different points there are. */
  int points() {
    return x.length;
  }

  /** Across. */
  float x(int point) {
    return x[point];
  }

  /** Down. */
  float y(int point) {
    return y[point];
  }

  /** How many strokes there are. */
  int strokes() {
    return strokes.length;
  }

  /** How many points a stroke passes, at least 2. */
  int length(int stroke) {
    return strokes[stroke].length;
  }

  /** The point that a stroke passes at a place; before its ends as it is, or round its loop. */
  int point(int stroke, int place) {
    int[] path = strokes[stroke];
    int last = path.length - 1;
    if (place >= 0 && place <= last) {
      return path[place];
    }
    boolean loop = path[0] == path[last];
    if (place < 0) {
      return path[loop ? last - 1 : 0];
    }
    return path[loop ? 1 : last];
  }
}
