package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A key of this cluster alone, and a store of trust that has its certificate.
 *
 * @param keys the store of the key
 * @param trust the store of trust
 */
record KeyStores(Path keys, Path trust) {
  private static final String PASSWORD = "a password of tests";

  /** Makes them with the keytool of the JDK. */
  static KeyStores make(Path directory) throws IOException, InterruptedException {
    Path keys = directory.resolve("keys.p12");
    Path trust = directory.resolve("trust.p12");
    Path certificate = directory.resolve("certificate.pem");
    List<String> names =
        List.of("-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1");
    List<String> generate = new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC"));
    generate.addAll(names);
    keytool(keys, generate);
    keytool(keys, List.of("-exportcert", "-rfc", "-file", certificate.toString()));
    keytool(trust, List.of("-importcert", "-noprompt", "-file", certificate.toString()));
    return new KeyStores(keys, trust);
  }

  private static void keytool(Path store, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(arguments);
    command.addAll(
        List.of("-alias", "exchange", "-keystore", store.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** What Spark is to be told. */
  Map<String, String> settings() {
    return Map.of(
        "spark.ssl.rpc.enabled",
        "true",
        "spark.ssl.rpc.protocol",
        "TLSv1.3",
        "spark.ssl.rpc.keyStore",
        keys.toString(),
        "spark.ssl.rpc.keyStorePassword",
        PASSWORD,
        "spark.ssl.rpc.keyPassword",
        PASSWORD,
        "spark.ssl.rpc.trustStore",
        trust.toString(),
        "spark.ssl.rpc.trustStorePassword",
        PASSWORD);
  }
}
