package dev.lockstep.checkpoint;

import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.checkpoint.Part;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of text for every step of a run, from the first on. Lines lie in parts: all but the last
 * are {@linkplain #FULL full} and stay as they are; only what came after them is in memory, and is
 * written again with each checkpoint. For use by one thread at a time.
 */
public final class Journal {
  /** Bytes after which a part is full. */
  private static final int FULL = 4 << 20;

  private final Parts parts;
  private final List<Part> full = new ArrayList<>();
  private final int fullBytes;
  private ByteArrayOutputStream open = new ByteArrayOutputStream();
  private long firstOpen = 1;
  private long steps;

  private Journal(Parts parts, int fullBytes) {
    this.parts = parts;
    this.fullBytes = fullBytes;
  }

  /** One without a line. */
  static Journal begin(Parts parts) {
    return new Journal(parts, FULL);
  }

  /** One without a line, whose parts are full after other than the usual number of bytes. */
  static Journal begin(Parts parts, int fullBytes) {
    return new Journal(parts, fullBytes);
  }

  /**
   * One with the lines of a checkpoint.
   *
   * @throws FormatException if these parts do not hold a line for each of the steps
   */
  static Journal read(Parts parts, List<Part> saved, long steps) throws IOException {
    Journal journal = new Journal(parts, FULL);
    for (Part part : saved) {
      boolean isLast = part.equals(saved.get(saved.size() - 1));
      journal.take(part, isLast && part.length() < journal.fullBytes);
    }
    if (journal.steps != steps) {
      throw new FormatException(
          "the metrics have %d lines, but %d steps were taken".formatted(journal.steps, steps));
    }
    return journal;
  }

  private void take(Part part, boolean staysOpen) throws IOException {
    LineCount lines = new LineCount(staysOpen ? open : OutputStream.nullOutputStream());
    parts.read(part, in -> in.transferTo(lines));
    long first = steps + 1;
    steps += lines.count;
    if (!part.equals(name(first, steps).of(part.length(), part.sha256()))) {
      throw new FormatException(
          "%s has %d lines after step %d".formatted(part.name(), lines.count, first - 1));
    }
    if (!staysOpen) {
      full.add(part);
      firstOpen = steps + 1;
    }
  }

  private static Parts.Naming name(long first, long last) {
    return (length, sha256) -> Part.ofMetrics(first, last, length, sha256);
  }

  /** How many steps have a line. */
  public long steps() {
    return steps;
  }

  /** Adds the line of the next step. */
  public void add(String line) {
    open.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    open.write('\n');
    steps++;
  }

  /** Writes what no part holds yet; the parts with all lines so far. */
  List<Part> save() throws IOException {
    if (open.size() == 0) {
      return List.copyOf(full);
    }
    Part last = parts.write(name(firstOpen, steps), open::writeTo);
    List<Part> all = new ArrayList<>(full);
    all.add(last);
    if (open.size() >= fullBytes) {
      full.add(last);
      open = new ByteArrayOutputStream();
      firstOpen = steps + 1;
    }
    return all;
  }

  /** Writes all lines, in order. */
  public void writeTo(OutputStream out) throws IOException {
    for (Part part : full) {
      parts.read(part, in -> in.transferTo(out));
    }
    open.writeTo(out);
  }

  /** Counts the lines that it passes on. */
  private static final class LineCount extends FilterOutputStream {
    private long count;

    LineCount(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int i = from; i < from + length; i++) {
        count += bytes[i] == '\n' ? 1 : 0;
      }
      out.write(bytes, from, length);
    }
  }
}
