package dev.lockstep.spark.exchange;

import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.RoundTimes;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the ranks of a round bring to the driver: slices of the new state from their owners, and a
 * report from each. Once all is there, it is the result of the round.
 */
public final class RoundReports {
  /** The most bytes of slices in a frame, unless one slice alone has more. */
  static final long BATCH_BYTES = 16L << 20;

  private final Training training;
  private final ParameterLayout layout;
  private final State before;
  private final Round round;
  private final float[][] parameters;
  private final float[][][] slots;
  private final RankReport[] reports;
  private final CompletableFuture<RoundResult> result = new CompletableFuture<>();

  /**
   * Of a round that begins with a state.
   *
   * @param ranks N
   */
  public RoundReports(Training training, int ranks, State before, Round round) {
    this.training = training;
    this.layout = training.network().layout();
    this.before = before;
    this.round = round;
    this.parameters = new float[layout.slices().size()][];
    this.slots = new float[before.slots().size()][parameters.length][];
    this.reports = new RankReport[ranks];
  }

  Round round() {
    return round;
  }

  /** Bytes of the largest frame that a rank may bring in this round. */
  long largestFrame() {
    long slices = BATCH_BYTES;
    for (Slice slice : layout.slices()) {
      slices = Math.max(slices, size(List.of(slice), slots.length));
    }
    return Frame.SIZE + Math.max(slices, RankReport.largest(training.network(), round.steps()));
  }

  /** The result, or why there is none. */
  public CompletableFuture<RoundResult> result() {
    return result;
  }

  /** Bytes of some slices in a body. */
  static long size(List<Slice> slices, int slots) {
    long floats = slices.stream().mapToLong(Slice::length).sum();
    return 2L * Integer.BYTES + floats * (1 + slots) * Float.BYTES;
  }

  /**
   * Puts consecutive slices of a state.
   *
   * @param first the place of the first among the slices of the layout
   * @param parameters in panel order
   * @param slots likewise
   */
  static void put(
      ByteBuffer body, int first, List<Slice> slices, float[] parameters, float[][] slots) {
    body.putInt(first).putInt(slices.size());
    for (Slice slice : slices) {
      Frame.putFloats(body, parameters, slice.offset(), slice.length());
      for (float[] slot : slots) {
        Frame.putFloats(body, slot, slice.offset(), slice.length());
      }
    }
  }

  /** Takes slices that an owner brings. */
  void takeSlices(ByteBuffer body) {
    Frame.checkedCount(body, 2, Integer.BYTES);
    int first = body.getInt();
    int count = body.getInt();
    if (first < 0 || count < 0 || count > parameters.length - first) {
      throw new IllegalArgumentException(
          "a SLICES frame of %d slices from %d; there are %d"
              .formatted(count, first, parameters.length));
    }
    long size = size(layout.slices().subList(first, first + count), slots.length);
    if (body.remaining() != size - 2L * Integer.BYTES) {
      throw new IllegalArgumentException(
          "%d bytes of %d slices from %d: want %d"
              .formatted(body.remaining(), count, first, size - 2L * Integer.BYTES));
    }
    for (int s = first; s < first + count; s++) {
      if (parameters[s] != null) {
        throw new IllegalArgumentException("slice %d comes twice in a round".formatted(s));
      }
    }
    for (int s = first; s < first + count; s++) {
      int length = layout.slices().get(s).length();
      parameters[s] = floats(body, length);
      for (float[][] slot : slots) {
        slot[s] = floats(body, length);
      }
    }
  }

  private static float[] floats(ByteBuffer body, int length) {
    float[] values = new float[length];
    Frame.getFloats(body, values, 0, length);
    return values;
  }

  /** Whether a rank has brought its report. */
  boolean hasReport(int rank) {
    return reports[rank] != null;
  }

  /** Takes the report of a rank, which comes behind its slices. */
  void takeReport(int rank, RankReport report) {
    reports[rank] = report;
    if (Arrays.stream(reports).allMatch(there -> there != null)) {
      complete();
    }
  }

  private void complete() {
    if (reports[0].diverged() != null) {
      result.completeExceptionally(new DivergedException(reports[0].diverged()));
      return;
    }
    for (int s = 0; s < parameters.length; s++) {
      if (parameters[s] == null) {
        result.completeExceptionally(
            new IllegalStateException("no rank brought slice %d of the new state".formatted(s)));
        return;
      }
    }
    List<SlicedVector> slotVectors = new ArrayList<>();
    for (float[][] slot : slots) {
      slotVectors.add(new SlicedVector(List.of(slot)));
    }
    State after =
        before.after(
            round.end(),
            new SlicedVector(List.of(parameters)),
            slotVectors,
            before.monitors().after(reports[0].records(), reports[0].epoch(), training.noise()));
    RoundTimes times =
        new RoundTimes(
            Arrays.stream(reports).map(RankReport::times).toList(), reports[0].stepNanos());
    result.complete(new RoundResult(after, reports[0].records(), reports[0].nanos(), times));
  }
}
