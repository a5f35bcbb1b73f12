package dev.lockstep.fuzz;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets Jazzer look for bytes that a parser does not refuse clearly. Arguments: the target, and the
 * seconds to look for. It begins from the target's seeds and all that earlier calls found worth
 * keeping; what breaks the parser goes to a file named {@code crash-…}, {@code timeout-…} or {@code
 * oom-…}.
 */
public final class Fuzz {
  private static final String TARGET = "lockstep.fuzz.target";
  private static final String HERE = "lockstep.fuzz";

  /** Where to look for new paths; Spark's classes would take a minute to prepare. */
  private static final String PARSERS =
      "dev.lockstep.**:com.typesafe.config.**:com.fasterxml.jackson.**";

  private static FuzzTarget target;

  private Fuzz() {}

  /** Where the fuzzer begins. */
  public static void main(String[] args) throws IOException, InterruptedException {
    FuzzTarget chosen = FuzzTarget.of(args[0]);
    System.setProperty(TARGET, args[0]);
    Path directory = Path.of(System.getProperty(HERE), chosen.id());
    Path corpus = Files.createDirectories(directory.resolve("corpus"));
    List<byte[]> seeds = chosen.seeds();
    for (int s = 0; s < seeds.size(); s++) {
      Files.write(corpus.resolve("seed-" + s), seeds.get(s));
    }
    Jazzer.main(
        new String[] {
          "--target_class=" + Fuzz.class.getName(),
          "--instrumentation_includes=" + PARSERS,
          "--custom_hook_includes=" + PARSERS,
          "--keep_going=20",
          "--reproducer_path=" + directory,
          "-artifact_prefix=" + directory + "/",
          "-max_total_time=" + args[1],
          "-max_len=8192",
          "-timeout=20",
          "-rss_limit_mb=3000",
          "-print_final_stats=1",
          "-seed=1",
          corpus.toString()
        });
  }

  /** Called by Jazzer once; the first parse of all loads classes, and counts as no time-out. */
  public static void fuzzerInitialize() throws IOException {
    target = FuzzTarget.of(System.getProperty(TARGET));
    for (byte[] seed : target.seeds()) {
      target.parse(seed);
    }
  }

  /** Called by Jazzer with every input. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    try {
      target.parse(input);
    } catch (RuntimeException e) {
      if (!target.isRefusal(e)) {
        throw e;
      }
    }
  }
}
