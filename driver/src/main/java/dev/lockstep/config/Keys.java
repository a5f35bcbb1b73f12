package dev.lockstep.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the key that a user may have meant. */
public final class Keys {
  private Keys() {}

  /** The sentence that a key is unknown, with the one that may have been meant. */
  static String unknown(String key, Collection<String> known) {
    return nearest(key, known)
        .map(nearest -> "unknown key %s; did you mean %s?".formatted(key, nearest))
        .orElse("unknown key %s; conf/reference.conf has all keys".formatted(key));
  }

  /** The nearest of the known keys, unless none is near. */
  public static Optional<String> nearest(String key, Collection<String> known) {
    List<String> endings = known.stream().filter(k -> k.endsWith("." + key)).toList();
    if (endings.size() == 1) {
      return Optional.of(endings.get(0));
    }
    int bound = Math.max(2, key.length() / 3);
    return known.stream()
        .filter(k -> distance(key, k) <= bound)
        .min(Comparator.comparingInt((String k) -> distance(key, k)).thenComparing(k -> k));
  }

  /** Insertions, deletions and replacements that lead from one text to another (Levenshtein). */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
