package dev.lockstep.ui;

import java.time.Duration;
import java.util.Locale;

/** Pieces of a page. What comes from outside goes through {@link #escape}. */
public final class Html {
  /** What stands for a figure that is not there. */
  public static final String NOTHING = "–";

  private static final double LARGE = 1e6;
  private static final double SMALL = 1e-3;

  private Html() {}

  /** A text as it may stand between tags and in attributes, without what XML forbids. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? ' ' : c);
      }
    }
    return out.toString();
  }

  public static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  /** A figure for people, with the whole of it for machines. */
  public static String data(double value, String text) {
    return Double.isNaN(value)
        ? NOTHING
        : format("<data value=\"%s\">%s</data>", Double.toString(value), text);
  }

  /** A figure of unknown size, in four digits. */
  public static String figure(double value) {
    return data(value, digits(value));
  }

  public static String digits(double value) {
    double size = Math.abs(value);
    if (value == 0 || !Double.isFinite(value)) {
      return format("%.0f", value);
    }
    if (size >= LARGE || size < SMALL) {
      return format("%.2e", value).replaceFirst("e([+-])0", "e$1");
    }
    return size >= 1000
        ? format("%,.0f", value)
        : format(size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : size >= 1 ? "%.3f" : "%.4f", value);
  }

  /** A share as a percentage. */
  public static String percent(double share) {
    return data(share, format("%.2f %%", 100 * share));
  }

  /** Milliseconds. */
  public static String millis(double millis) {
    return format(millis >= 100 ? "%,.0f" : millis >= 10 ? "%.1f" : "%.2f", millis);
  }

  /** Time in two units at the most. */
  public static String time(long millis) {
    Duration time = Duration.ofMillis(Math.max(0, millis));
    if (time.toHours() > 0) {
      return format("%d h %d min", time.toHours(), time.toMinutesPart());
    }
    if (time.toMinutes() > 0) {
      return format("%d min %d s", time.toMinutes(), time.toSecondsPart());
    }
    return time.toSeconds() >= 10
        ? format("%d s", time.toSeconds())
        : format("%.1f s", millis / 1e3);
  }

  /** A number at an axis, as short as it can be. */
  public static String tick(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < SMALL) {
      return format("%.2e", value).replaceFirst("\\.?0*e([+-])0?", "e$1");
    }
    if (size >= LARGE) {
      return plain(value / LARGE) + "M";
    }
    return size >= 10_000 ? plain(value / 1000) + "k" : plain(value);
  }

  private static String plain(double value) {
    String text = format("%.4f", value);
    return text.replaceFirst("\\.?0+$", "");
  }
}
