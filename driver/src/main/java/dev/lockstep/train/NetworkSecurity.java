package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;

/**
 * What Lockstep asks of Spark's network settings before it opens a session: that a door which looks
 * shut is shut. docs/security.md says what to set.
 */
final class NetworkSecurity {
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String ENCRYPT = "spark.network.crypto.enabled";
  private static final String FALLBACK = "spark.network.crypto.saslFallback";
  private static final String CIPHER = "spark.network.crypto.cipher";

  /** Releases whose GCM loses all messages of a connection but the first (SPARK-56227). */
  private static final Set<String> BROKEN_GCM = Set.of("4.1.0", "4.1.1", "4.1.2");

  private NetworkSecurity() {}

  /**
   * Sets what a user of encryption wants and Spark does not default to.
   *
   * @param conf of the session to open
   * @param spark the version of Spark
   * @throws ConfigException with a sentence for each setting that is at odds with encryption
   */
  static void apply(SparkConf conf, String spark) {
    if (!conf.getBoolean(ENCRYPT, false)) {
      return;
    }
    List<String> mistakes = new ArrayList<>();
    if (!conf.getBoolean(AUTHENTICATE, false)) {
      mistakes.add(
          "%s = %s: %s = true wants true, since the keys are made from the secret"
              .formatted(AUTHENTICATE, conf.get(AUTHENTICATE, "false"), ENCRYPT));
    }
    if (conf.getBoolean(FALLBACK, false)) {
      mistakes.add(
          "%s = true: want false, or nothing; with it a peer that does not encrypt is served in clear"
              .formatted(FALLBACK));
    }
    String cipher = conf.get(CIPHER, "");
    if (cipher.contains("GCM") && BROKEN_GCM.contains(spark)) {
      mistakes.add(
          "%s = %s: want AES/CTR/NoPadding, or spark.ssl.rpc.enabled; in Spark %s all messages but the first are lost (SPARK-56227)"
              .formatted(CIPHER, cipher, spark));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(String.join("\n", mistakes));
    }
    conf.setIfMissing(FALLBACK, "false");
  }
}
