package dev.lockstep.spark.exchange;

import java.util.List;
import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import scala.Option;

/** Hubs as those of several JVMs, in one, without a running Spark. */
final class TestHub {
  /** Nobody's desk. */
  private static final Hub.DeskKey NONE = new Hub.DeskKey(0, true);

  private TestHub() {}

  static Hub open() {
    return open(new SparkConf(false));
  }

  static Hub open(SparkConf conf) {
    return open(conf, "127.0.0.1", 0);
  }

  static Hub open(SparkConf conf, String host, int port) {
    return open(conf, new Hub.Listen(host, "", port));
  }

  static Hub open(SparkConf conf, Hub.Listen listen) {
    SecurityManager security =
        new SecurityManager(
            conf, Option.empty(), SecurityManager$.MODULE$.$lessinit$greater$default$3());
    return new Hub(conf, security, listen);
  }

  static void close(List<Hub> hubs) {
    hubs.forEach(hub -> Hub.close(hub, NONE, null));
  }
}
