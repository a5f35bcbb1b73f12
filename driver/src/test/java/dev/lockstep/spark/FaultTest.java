package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultTest {
  private static SparkConf conf(String fault) {
    return new SparkConf(false).set(Fault.KEY, fault);
  }

  @Test
  void isOffByDefault() {
    assertThat(Fault.of(new SparkConf(false))).isEqualTo(Fault.NONE);
    assertThatCode(() -> Fault.NONE.check(0, 0)).doesNotThrowAnyException();
    assertThatCode(() -> Fault.NONE.check(-1, -1)).doesNotThrowAnyException();
  }

  @Test
  void throwsAtItsPlaceAlone() {
    Fault fault = Fault.of(conf("rank=1,step=7,times=1"));
    assertThat(fault).isEqualTo(new Fault(1, 7, 1));
    assertThatThrownBy(() -> fault.check(1, 7))
        .isInstanceOf(Fault.InjectedFault.class)
        .hasMessage("injected fault on rank 1 at step 8");
    assertThatCode(() -> fault.check(0, 7)).doesNotThrowAnyException();
    assertThatCode(() -> fault.check(1, 8)).doesNotThrowAnyException();
  }

  @Test
  void throwsTheFirstSoManyTimes() {
    Fault fault = new Fault(1, 7, 2);
    assertThatThrownBy(() -> fault.onAttempt(1).check(1, 7))
        .isInstanceOf(Fault.InjectedFault.class);
    assertThatCode(() -> fault.onAttempt(2).check(1, 7)).doesNotThrowAnyException();
    assertThatCode(() -> fault.onAttempt(3).check(1, 7)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rank=1", "rank=-1,step=0,times=1", "rank=1,step=7,times=1,", "yes"})
  void refusesOtherForms(String text) {
    assertThatThrownBy(() -> Fault.of(conf(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("spark.lockstep.fault = %s: want rank=R,step=S,times=T".formatted(text));
  }
}
