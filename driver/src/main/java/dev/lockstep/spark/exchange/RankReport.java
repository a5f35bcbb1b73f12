package dev.lockstep.spark.exchange;

import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.StepRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rank tells of a round, beside the slices that it owns.
 *
 * @param records the steps; the same on every rank, so only rank 0 tells them
 * @param diverged the step that was not finite, or null
 * @param monitors the monitors at the end
 * @param nanos wall time of the steps
 */
public record RankReport(
    List<StepRecord> records, StepRecord diverged, Monitors monitors, long nanos) {
  private static final int RECORD_BYTES = Long.BYTES + Frame.STEP_BYTES;
  private static final int FIXED_BYTES =
      Double.BYTES + Long.BYTES + Long.BYTES + Byte.BYTES + Integer.BYTES;

  public RankReport {
    records = List.copyOf(records);
  }

  /** Bytes in a body. */
  int size() {
    int steps = records.size() + (diverged == null ? 0 : 1);
    return Math.addExact(FIXED_BYTES, Math.multiplyExact(steps, RECORD_BYTES));
  }

  void put(ByteBuffer body) {
    body.putDouble(monitors.epochLoss()).putLong(monitors.epochExamples()).putLong(nanos);
    body.put((byte) (diverged == null ? 0 : 1));
    if (diverged != null) {
      putRecord(body, diverged);
    }
    body.putInt(records.size());
    records.forEach(record -> putRecord(body, record));
  }

  static RankReport get(ByteBuffer body) {
    Frame.checkedCount(body, 1, FIXED_BYTES);
    Monitors monitors = new Monitors(body.getDouble(), body.getLong());
    long nanos = body.getLong();
    StepRecord diverged = body.get() == 0 ? null : getRecord(body);
    int count = Frame.getCount(body, RECORD_BYTES);
    List<StepRecord> records = new ArrayList<>(count);
    for (int r = 0; r < count; r++) {
      records.add(getRecord(body));
    }
    Frame.checkEnd(body);
    return new RankReport(records, diverged, monitors, nanos);
  }

  private static void putRecord(ByteBuffer body, StepRecord record) {
    body.putLong(record.step());
    Frame.putStep(body, record);
  }

  private static StepRecord getRecord(ByteBuffer body) {
    Frame.checkedCount(body, 1, RECORD_BYTES);
    return Frame.getStep(body, body.getLong());
  }
}
