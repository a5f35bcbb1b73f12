package dev.lockstep.report;

import dev.lockstep.ui.Html;
import java.util.Locale;
import java.util.regex.Pattern;

/** Words of a command line that is there to be copied, and numbers to be read. */
final class Words {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

  private static final double WHOLE = 1e9;

  private Words() {}

  /** A word as a shell takes it for one. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A number in four digits; a whole one in all of its own. */
  static String number(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < WHOLE;
    return isWhole ? String.format(Locale.ROOT, "%,.0f", value) : Html.digits(value);
  }
}
