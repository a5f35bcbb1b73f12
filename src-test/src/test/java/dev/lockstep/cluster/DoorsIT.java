package dev.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on executors of their own, behind doors that Spark shuts. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DoorsIT {
  private static final String PASSWORD = "a-password-of-tests";
  private static final List<String> AUTHENTICATED =
      List.of("spark.authenticate=true", "spark.authenticate.secret=a-secret-of-tests");

  @TempDir private static Path shared;

  private static Launcher launcher;
  private static RunFiles reference;

  @BeforeAll
  static void trainInOneThread() throws Exception {
    launcher = new Launcher(shared);
    train("local", "local[1]", List.of()).expect(0);
    reference = RunFiles.of(shared.resolve("local"));
    assertThat(reference.metrics()).hasSize(20);
  }

  private static Launcher.Ended train(String out, String master, List<String> spark)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("train", "--out", out, "--master", master));
    words.addAll(List.of("--data", "synthetic:digits?n=1000&seed=1"));
    String engine = out.equals("local") ? "local" : "allreduce";
    words.addAll(List.of("--set", "engine=" + engine, "--set", "ranks=2"));
    words.addAll(List.of("--set", "batch-size=100", "--set", "epochs=2"));
    words.addAll(List.of("--set", "round.steps=4"));
    spark.forEach(setting -> words.addAll(List.of("--conf", setting)));
    return launcher.run(words.toArray(String[]::new));
  }

  private static void assertSameBits(String out, Stream<String> settings) throws Exception {
    List<String> spark = Stream.concat(AUTHENTICATED.stream(), settings).toList();
    Launcher.Ended ended = train(out, "local-cluster[2,1,1024]", spark).expect(0);
    assertThat(ended.err()).doesNotContain("is open to all", "run again");
    assertThat(RunFiles.of(shared.resolve(out))).isEqualTo(reference);
  }

  @Test
  void theSameBitsEncrypted() throws Exception {
    assertSameBits("encrypted", Stream.of("spark.network.crypto.enabled=true"));
  }

  @Test
  void theSameBitsThroughTls() throws Exception {
    Path keys = shared.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "exchange",
                "-dname",
                "CN=localhost",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertSameBits(
        "tls",
        Stream.of(
            "spark.ssl.rpc.enabled=true",
            "spark.ssl.rpc.protocol=TLSv1.3",
            "spark.ssl.rpc.keyStore=" + keys,
            "spark.ssl.rpc.keyStorePassword=" + PASSWORD,
            "spark.ssl.rpc.keyPassword=" + PASSWORD,
            "spark.ssl.rpc.trustStore=" + keys,
            "spark.ssl.rpc.trustStorePassword=" + PASSWORD));
  }

  @Test
  void whatLooksShutAndIsNotIsRefused() throws Exception {
    Launcher.Ended ended =
        train(
            "refused",
            "local-cluster[2,1,1024]",
            List.of(
                "spark.authenticate=true",
                "spark.network.crypto.enabled=true",
                "spark.network.crypto.saslFallback=true",
                "spark.network.crypto.cipher=AES/GCM/NoPadding"));
    assertThat(ended.expect(2).err())
        .contains("lockstep: spark.network.crypto.saslFallback = true: want false")
        .contains("lockstep: spark.network.crypto.cipher = AES/GCM/NoPadding: want AES/CTR")
        .doesNotContain("\tat ");
  }
}
