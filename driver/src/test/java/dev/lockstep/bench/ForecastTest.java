package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.bench.Forecast.Subject;
import dev.lockstep.bench.cost.CostModel;
import dev.lockstep.network.NetworkParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final CostModel MODEL =
      new CostModel(80e-6, 10e-6, 2e-9, 0.3e-9, 0.5e-9, 1e-9, 9e-6, 1e-6);

  private final List<Table> tables =
      new Forecast(
              List.of(
                  new Subject(
                      NetworkParser.parse(784, List.of("dense 256 relu", "dense 10")),
                      MODEL,
                      true)))
          .tables();

  private JsonNode rows(int table) {
    return tables.get(table).json().get("rows");
  }

  @Test
  void nodesAreLeftOutWhereThereAreMoreRanksThanShards() {
    JsonNode last = rows(0).get(rows(0).size() - 1);
    assertThat(last.get("ranks").intValue()).isEqualTo(1000);
    assertThat(last.get("mean_64").isNull()).isTrue();
    assertThat(last.get("most_1024").intValue()).isEqualTo(2);
  }

  @Test
  void halvingGrowsSlowerThanDirectExchange() {
    JsonNode few = rows(1).get(0);
    JsonNode many = rows(1).get(3);
    assertThat(many.get("ranks").intValue()).isEqualTo(1024);
    double direct = growth(few, many, "direct_millis");
    assertThat(direct).isGreaterThan(growth(few, many, "even_direct_millis"));
    assertThat(direct).isGreaterThan(3 * growth(few, many, "halving_millis"));
  }

  private static double growth(JsonNode few, JsonNode many, String key) {
    return many.get(key).doubleValue() / few.get(key).doubleValue();
  }

  @Test
  void efficiencyFallsWithRanksAndRisesWithTheBatch() {
    double before = 1;
    for (JsonNode row : rows(2)) {
      double efficiency = row.get("direct_10").doubleValue();
      assertThat(efficiency).isBetween(0.0, 1.0);
      boolean isFirstOfBatch = row.get("ranks").intValue() == 16;
      assertThat(efficiency < before).isEqualTo(!isFirstOfBatch || before == 1);
      before = efficiency;
    }
  }

  @Test
  void limitsArePowersOfTwoUpToTheShards() {
    for (JsonNode row : rows(3)) {
      for (String limit : row.get("halving").textValue().split(" / ", -1)) {
        assertThat(Integer.bitCount(Integer.parseInt(limit))).isEqualTo(1);
        assertThat(Integer.parseInt(limit)).isLessThanOrEqualTo(row.get("shards").intValue());
      }
    }
  }
}
