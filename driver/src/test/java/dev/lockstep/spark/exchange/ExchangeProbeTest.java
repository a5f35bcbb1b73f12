package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import scala.Option;

class ExchangeProbeTest {
  @Test
  void framesArriveAndRanksMeet() {
    SparkConf conf = new SparkConf(false);
    SecurityManager security =
        new SecurityManager(
            conf, Option.empty(), SecurityManager$.MODULE$.$lessinit$greater$default$3());
    try (ExchangeProbe probe = new ExchangeProbe(conf, security, "127.0.0.1")) {
      assertThat(probe.exchange(3, 1000)).isPositive();
      assertThat(probe.exchange(1, 0)).isPositive();
      assertThat(probe.latency(5)).isPositive();
      assertThat(probe.meeting(3, 10)).isPositive();
    }
  }
}
