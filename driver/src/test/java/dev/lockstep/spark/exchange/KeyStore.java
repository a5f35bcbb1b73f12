package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A key of one cluster alone, whose certificate is also all that the cluster trusts.
 *
 * @param file PKCS #12
 */
record KeyStore(Path file) {
  private static final String PASSWORD = "a password of tests";

  /** Makes one with the keytool of the JDK. */
  static KeyStore make(Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve("keys.p12");
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
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return new KeyStore(file);
  }

  /** What Spark is to be told. */
  Map<String, String> settings() {
    return Map.of(
        "spark.ssl.rpc.enabled",
        "true",
        "spark.ssl.rpc.protocol",
        "TLSv1.3",
        "spark.ssl.rpc.keyStore",
        file.toString(),
        "spark.ssl.rpc.keyStorePassword",
        PASSWORD,
        "spark.ssl.rpc.keyPassword",
        PASSWORD,
        "spark.ssl.rpc.trustStore",
        file.toString(),
        "spark.ssl.rpc.trustStorePassword",
        PASSWORD);
  }
}
