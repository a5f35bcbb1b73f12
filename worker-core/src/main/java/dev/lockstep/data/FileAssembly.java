package dev.lockstep.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Shards whose examples are records of a file, shard after shard. */
final class FileAssembly implements ShardAssembly {
  private final ShardRange range;
  private final ScratchFile file;
  private final int recordBytes;

  /** First record of each shard of the range, and the end. */
  private final long[] starts;

  private final ThreadLocal<ByteBuffer> record;
  private final LongAdder examples = new LongAdder();
  private List<Shard> shards;

  /** Nothing yet, in an empty file. */
  FileAssembly(ShardRange range, ScratchFile file) {
    this.range = range;
    this.file = file;
    this.recordBytes = MappedRecords.bytes(range.format());
    this.starts = new long[range.to() - range.from() + 1];
    for (int s = 0; s + 1 < starts.length; s++) {
      starts[s + 1] = starts[s] + range.plan().itemsOf(range.from() + s);
    }
    this.record = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(recordBytes));
  }

  @Override
  public void put(long position, ByteBuffer example, int offset, int label) throws IOException {
    int shards = range.plan().shards();
    int shard = (int) (position % shards);
    long at = (starts[shard - range.from()] + position / shards) * recordBytes;
    file.write(MappedRecords.fill(record.get(), label, example, offset), at);
    examples.increment();
  }

  @Override
  public synchronized List<Shard> shards() throws IOException {
    if (shards == null) {
      range.checkComplete(examples.sum());
      MappedRecords records = MappedRecords.of(file, range.format(), starts[starts.length - 1]);
      file.close();
      List<Shard> mapped = new ArrayList<>();
      for (int s = 0; s + 1 < starts.length; s++) {
        int items = (int) (starts[s + 1] - starts[s]);
        mapped.add(new MappedShard(range.from() + s, items, records, starts[s]));
      }
      shards = List.copyOf(mapped);
    }
    return shards;
  }
}
