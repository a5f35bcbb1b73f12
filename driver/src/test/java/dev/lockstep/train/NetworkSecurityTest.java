package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.config.ConfigException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkSecurityTest {
  private static final String FALLBACK = "spark.network.crypto.saslFallback";
  private static final String CIPHER = "spark.network.crypto.cipher";
  private static final String GCM = "AES/GCM/NoPadding";

  private final SparkConf encrypted =
      new SparkConf(false)
          .set("spark.authenticate", "true")
          .set("spark.network.crypto.enabled", "true");

  @Test
  void noFallbackWhereEncryptionIsOn() {
    NetworkSecurity.apply(encrypted, "4.1.2");
    assertThat(encrypted.get(FALLBACK)).isEqualTo("false");
    NetworkSecurity.apply(encrypted, "4.1.2");
  }

  @Test
  void settingsOfASessionWithoutEncryptionStay() {
    SparkConf conf = new SparkConf(false).set(FALLBACK, "true").set(CIPHER, GCM);
    NetworkSecurity.apply(conf, "4.1.0");
    assertThat(conf.getAll()).hasSize(2);
  }

  @Test
  void aFallbackThatIsAskedForIsRefused() {
    assertThatThrownBy(() -> NetworkSecurity.apply(encrypted.set(FALLBACK, "true"), "4.1.2"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            FALLBACK
                + " = true: want false, or nothing; with it a peer that does not encrypt is served in clear");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.0", "4.1.1", "4.1.2"})
  void gcmIsRefusedWhereItIsBroken(String spark) {
    assertThatThrownBy(() -> NetworkSecurity.apply(encrypted.set(CIPHER, GCM), spark))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "%s = %s: want AES/CTR/NoPadding, or spark.ssl.rpc.enabled; in Spark %s all messages but the first are lost (SPARK-56227)"
                .formatted(CIPHER, GCM, spark));
  }

  @Test
  void gcmIsTakenWhereItMayBeMended() {
    NetworkSecurity.apply(encrypted.set(CIPHER, GCM), "4.1.3");
    assertThat(encrypted.get(CIPHER)).isEqualTo(GCM);
  }

  @Test
  void encryptionWithoutASecretIsRefused() {
    SparkConf conf = new SparkConf(false).set("spark.network.crypto.enabled", "true");
    assertThatThrownBy(() -> NetworkSecurity.apply(conf, "4.1.2"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "spark.authenticate = false: spark.network.crypto.enabled = true wants true, since the keys are made from the secret");
  }

  @Test
  void allMistakesAreNamedTogether() {
    encrypted.set(FALLBACK, "true").set(CIPHER, GCM);
    assertThatThrownBy(() -> NetworkSecurity.apply(encrypted, "4.1.0"))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(2));
  }
}
