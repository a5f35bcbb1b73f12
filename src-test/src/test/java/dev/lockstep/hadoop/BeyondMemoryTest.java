package dev.lockstep.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cli.Lockstep;
import dev.lockstep.cluster.RunFiles;
import dev.lockstep.data.ExampleReader;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxWriter;
import dev.lockstep.data.SteppingReader;
import dev.lockstep.train.ExitCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data three times as large as the heap, to the same bits as in a heap that holds it. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class BeyondMemoryTest {
  private static final int HEAP_MEGABYTES = 128;
  private static final int FEATURES = 3072;
  private static final int EXAMPLES = 3 * (HEAP_MEGABYTES << 20) / FEATURES;
  private static final long DEADLINE_SECONDS = 200;

  @TempDir private static Path directory;
  private static Path data;
  private static RunFiles expected;

  /** Noise with labels. */
  private record Noise(long examples) implements ExampleSource {
    @Override
    public String name() {
      return "noise";
    }

    @Override
    public int features() {
      return FEATURES;
    }

    @Override
    public List<Integer> shape() {
      return List.of(FEATURES);
    }

    @Override
    public ExampleReader open(long first) {
      SplittableRandom random = new SplittableRandom(1);
      byte[] pixels = new byte[FEATURES];
      return new SteppingReader(first) {
        @Override
        protected void show(long example, Sink sink) throws IOException {
          random.nextBytes(pixels);
          sink.accept(example, ByteBuffer.wrap(pixels), 0, random.nextInt(10));
        }
      };
    }
  }

  @BeforeAll
  static void trainInALargeHeap() throws IOException {
    data = Files.createDirectory(directory.resolve("data"));
    write(new Noise(EXAMPLES), Digits.IMAGES, Digits.LABELS);
    write(new Noise(1000), "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    Path run = directory.resolve("reference");
    Commands.run(train(run, "local")).expect(0);
    expected = Commands.outcome(run.toString());
  }

  private static void write(Noise noise, String images, String labels) throws IOException {
    try (OutputStream imageStream = create(images);
        OutputStream labelStream = create(labels)) {
      IdxWriter.write(noise, imageStream, labelStream);
    }
  }

  private static OutputStream create(String name) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(data.resolve(name)));
  }

  private static String[] train(Path run, String engine, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data.toString()));
    words.addAll(List.of("--out", run.toString(), "--master=local[2]", "--set=engine=" + engine));
    words.addAll(List.of("--set=layers=[dense 10]", "--set=optimizer.learning-rate=0.001"));
    words.addAll(List.of("--set=batch-size=2000", "--set=epochs=1", "--set=shards=16"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** In a JVM of its own. */
  private static int trainInASmallHeap(Path run, String... more)
      throws IOException, InterruptedException {
    Stream<String> java =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx%dm".formatted(HEAP_MEGABYTES),
            "--add-modules=jdk.incubator.vector",
            "-Dspark.local.dir=" + directory.resolve("scratch"),
            "-cp",
            System.getProperty("java.class.path"),
            Lockstep.class.getName());
    Process process =
        new ProcessBuilder(Stream.concat(java, Stream.of(train(run, "local", more))).toList())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile())
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  @Test
  void aSmallHeapGivesTheSameBits() throws Exception {
    Path run = directory.resolve("small");
    assertThat(trainInASmallHeap(run, "--set=data.memory-limit=32m"))
        .as(Files.readString(directory.resolve("err")))
        .isZero();
    assertThat(Commands.outcome(run.toString())).isEqualTo(expected);
    assertThat(directory.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void withoutALimitASmallHeapIsTooSmall() throws Exception {
    assertThat(trainInASmallHeap(directory.resolve("none"))).isEqualTo(ExitCode.CLUSTER);
    assertThat(Files.readString(directory.resolve("err")))
        .contains("the driver's heap of %d MB is too small".formatted(HEAP_MEGABYTES));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allreduce"})
  void enginesOnSparkGiveTheSameBits(String engine) throws IOException {
    Path run = directory.resolve(engine);
    Commands.run(train(run, engine, "--set=data.memory-limit=0", "--set=ranks=2")).expect(0);
    assertThat(Commands.outcome(run.toString())).isEqualTo(expected);
  }
}
