package dev.lockstep.spark;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Parcel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import scala.Tuple2;

/** Packs examples by the rank that they go to; holds no more than a few megabytes of them. */
final class ParcelPacker {
  /** Of examples that are packed or waiting, over all ranks. */
  private static final int HELD_BYTES = 1 << 24;

  private static final int MAX_PARCEL_BYTES = 1 << 20;

  private final BatchPlan plan;
  private final int exampleBytes;
  private final int capacity;
  private final Packing[] packings;
  private final Queue<Tuple2<Integer, Parcel>> full = new ArrayDeque<>();

  /**
   * Nothing yet.
   *
   * @param plan how the data set is cut
   * @param ranks who gets the parts
   * @param exampleBytes bytes of an example
   */
  ParcelPacker(BatchPlan plan, int ranks, int exampleBytes) {
    this.plan = plan;
    this.exampleBytes = exampleBytes;
    this.packings = new Packing[ranks];
    this.capacity = Math.max(1, Math.min(MAX_PARCEL_BYTES, HELD_BYTES / ranks) / exampleBytes);
  }

  /** How many examples may be added before {@link #full} is asked, so that not much waits. */
  int portion() {
    return Math.max(1, MAX_PARCEL_BYTES / exampleBytes);
  }

  /**
   * Packs an example.
   *
   * @param position its place in the order {@code q} of the plan
   * @param example bytes that hold it
   * @param offset where it begins
   */
  void add(long position, ByteBuffer example, int offset, int label) {
    int shard = (int) (position % plan.shards());
    int rank = SparkShards.rankOf(shard, packings.length, plan.shards());
    if (packings[rank] == null) {
      packings[rank] = new Packing(capacity, exampleBytes);
    }
    if (packings[rank].add(position, example, offset, label)) {
      send(rank);
    }
  }

  /** Sends what is not full too: nothing will be added any more. */
  void finish() {
    for (int rank = 0; rank < packings.length; rank++) {
      if (packings[rank] != null) {
        send(rank);
      }
    }
  }

  private void send(int rank) {
    full.add(new Tuple2<>(rank, packings[rank].parcel()));
    packings[rank] = null;
  }

  /** Parcels that are ready, each with its rank. */
  Queue<Tuple2<Integer, Parcel>> full() {
    return full;
  }

  /** A parcel while it is packed. */
  private static final class Packing {
    private final long[] positions;
    private final int[] labels;
    private final byte[] bytes;
    private final int size;
    private int count;

    Packing(int capacity, int size) {
      this.positions = new long[capacity];
      this.labels = new int[capacity];
      this.bytes = new byte[capacity * size];
      this.size = size;
    }

    /** Whether it is full then. */
    boolean add(long position, ByteBuffer from, int offset, int label) {
      positions[count] = position;
      labels[count] = label;
      from.get(offset, bytes, count * size, size);
      count++;
      return count == positions.length;
    }

    Parcel parcel() {
      return new Parcel(
          Arrays.copyOf(positions, count),
          Arrays.copyOf(labels, count),
          Arrays.copyOf(bytes, count * size));
    }
  }
}
