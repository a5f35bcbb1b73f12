package dev.lockstep.sweep;

import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.train.FileData;
import dev.lockstep.train.RunData;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Data sets that are found and read once, for all trials of a sweep: each trial cuts its own shards
 * out of them. One that would take more than a quarter of the heap is read by each trial itself.
 */
public final class HeldData implements RunData.Opener {
  private static final int SHARE_OF_HEAP = 4;

  private final Map<String, FileData> byUri = new HashMap<>();
  private long room = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;

  @Override
  public FileData open(RunConfig config) throws IOException {
    // What is held in memory must not travel to executors, which read their own parts.
    return config.engine() == EngineName.LOCAL
        ? whole(config.data().uri()).cut(config)
        : FileData.open(config);
  }

  private synchronized FileData whole(String uri) throws IOException {
    FileData whole = byUri.get(uri);
    if (whole == null) {
      FileData found = FileData.whole(uri);
      whole =
          new FileData(
              held(found.train()), Optional.empty(), held(found.tested()), found.fingerprint());
      byUri.put(uri, whole);
    }
    return whole;
  }

  private ExampleSource held(ExampleSource source) throws IOException {
    if (!HeldSource.fits(source, room)) {
      return source;
    }
    room -= source.examples() * source.format().bytes();
    return HeldSource.of(source);
  }
}
