package dev.lockstep.spark.exchange;

import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.TimeSplit;
import dev.lockstep.network.Network;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a rank tells of a round, beside the slices that it owns.
 *
 * @param records the steps; the same on every rank, so only rank 0 tells them
 * @param diverged the step that was not finite, or null
 * @param epoch what the epoch has come to at the end
 * @param nanos wall time of the steps
 * @param times where it went
 * @param stepNanos wall time of each step; only rank 0 tells it
 */
public record RankReport(
    List<StepRecord> records,
    StepRecord diverged,
    EpochSums epoch,
    long nanos,
    RankTimes times,
    List<Long> stepNanos) {
  /** Characters of a place; names of hosts have no more. */
  private static final int MAX_PLACE = 300;

  private static final int RECORD_BYTES = Long.BYTES + Frame.STEP_BYTES;
  private static final int FIXED_BYTES =
      2 * Double.BYTES + 5 * Long.BYTES + Byte.BYTES + 6 * Integer.BYTES;

  public RankReport {
    records = List.copyOf(records);
    stepNanos = List.copyOf(stepNanos);
    if (times.place().length() > MAX_PLACE) {
      times = new RankTimes(times.place().substring(0, MAX_PLACE), times.split());
    }
  }

  /** Bytes in a body at the most, after a round of so many steps. */
  static long largest(Network network, int steps) {
    long lists = 2L * network.layout().matrices() + network.counts();
    long place = 3L * MAX_PLACE; // in UTF-8
    return FIXED_BYTES + place + (lists + steps) * Long.BYTES + (steps + 1L) * RECORD_BYTES;
  }

  /** Bytes in a body. */
  int size() {
    int steps = records.size() + (diverged == null ? 0 : 1);
    int lists = epoch.gradients().size() + epoch.updates().size() + epoch.counts().size();
    int place = Frame.sizeOf(times.place()) - Integer.BYTES;
    return Math.addExact(
        FIXED_BYTES + place + (lists + stepNanos.size()) * Long.BYTES,
        Math.multiplyExact(steps, RECORD_BYTES));
  }

  void put(ByteBuffer body) {
    body.putDouble(epoch.loss()).putDouble(epoch.weight());
    body.putLong(epoch.examples()).putLong(nanos);
    TimeSplit split = times.split();
    body.putLong(split.compute()).putLong(split.exchange()).putLong(split.waiting());
    Frame.putText(body, times.place());
    putAll(body, epoch.gradients());
    putAll(body, epoch.updates());
    body.putInt(epoch.counts().size());
    epoch.counts().forEach(body::putLong);
    body.put((byte) (diverged == null ? 0 : 1));
    if (diverged != null) {
      putRecord(body, diverged);
    }
    body.putInt(records.size());
    records.forEach(record -> putRecord(body, record));
    body.putInt(stepNanos.size());
    stepNanos.forEach(body::putLong);
  }

  static RankReport get(ByteBuffer body) {
    Frame.checkedCount(body, 1, FIXED_BYTES);
    double loss = body.getDouble();
    double weight = body.getDouble();
    long examples = body.getLong();
    long nanos = body.getLong();
    TimeSplit split = new TimeSplit(body.getLong(), body.getLong(), body.getLong());
    RankTimes times = new RankTimes(Frame.getText(body), split);
    EpochSums epoch =
        new EpochSums(loss, weight, examples, getDoubles(body), getDoubles(body), getLongs(body));
    Frame.checkedCount(body, 1, Byte.BYTES);
    StepRecord diverged = body.get() == 0 ? null : getRecord(body);
    int count = Frame.getCount(body, RECORD_BYTES);
    List<StepRecord> records = new ArrayList<>(count);
    for (int r = 0; r < count; r++) {
      records.add(getRecord(body));
    }
    List<Long> stepNanos = getLongs(body);
    Frame.checkEnd(body);
    return new RankReport(records, diverged, epoch, nanos, times, stepNanos);
  }

  private static void putAll(ByteBuffer body, List<Double> values) {
    body.putInt(values.size());
    values.forEach(body::putDouble);
  }

  private static List<Double> getDoubles(ByteBuffer body) {
    int count = Frame.getCount(body, Double.BYTES);
    return Stream.generate(body::getDouble).limit(count).toList();
  }

  private static List<Long> getLongs(ByteBuffer body) {
    int count = Frame.getCount(body, Long.BYTES);
    return Stream.generate(body::getLong).limit(count).toList();
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
