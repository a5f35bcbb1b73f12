package dev.lockstep.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HtmlTest {
  @Test
  void nothingFromOutsideIsMarkup() {
    assertThat(Html.escape("<script>\"a\" & 'b'\u0000</script>"))
        .isEqualTo("&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39; &lt;/script&gt;");
  }

  @Test
  void figuresAreShortForPeopleAndWholeForMachines() {
    assertThat(Html.figure(0.06518722967935486))
        .isEqualTo("<data value=\"0.06518722967935486\">0.0652</data>");
    assertThat(Html.digits(2.345678)).isEqualTo("2.346");
    assertThat(Html.digits(45.678)).isEqualTo("45.68");
    assertThat(Html.digits(456.78)).isEqualTo("456.8");
    assertThat(Html.digits(4567.8)).isEqualTo("4,568");
    assertThat(Html.digits(1.234e-5)).isEqualTo("1.23e-5");
    assertThat(Html.digits(1.234e11)).isEqualTo("1.23e+11");
    assertThat(Html.digits(0)).isEqualTo("0");
    assertThat(Html.figure(Double.NaN)).isEqualTo("–");
    assertThat(Html.percent(0.985)).isEqualTo("<data value=\"0.985\">98.50 %</data>");
  }

  @Test
  void ticksAreAsShortAsTheyCanBe() {
    assertThat(Html.tick(0)).isEqualTo("0");
    assertThat(Html.tick(0.05)).isEqualTo("0.05");
    assertThat(Html.tick(0.00025)).isEqualTo("2.5e-4");
    assertThat(Html.tick(1e-30)).isEqualTo("1e-30");
    assertThat(Html.tick(500)).isEqualTo("500");
    assertThat(Html.tick(2500)).isEqualTo("2500");
    assertThat(Html.tick(15_000)).isEqualTo("15k");
    assertThat(Html.tick(2_500_000)).isEqualTo("2.5M");
  }

  @Test
  void timesHaveTwoUnits() {
    assertThat(Html.time(850)).isEqualTo("0.9 s");
    assertThat(Html.time(45_300)).isEqualTo("45 s");
    assertThat(Html.time(125_000)).isEqualTo("2 min 5 s");
    assertThat(Html.time(7_380_000)).isEqualTo("2 h 3 min");
  }
}
