package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.kernel.Panels;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PlacementTest {
  private static final Address A = new Address("a", 1);
  private static final Address B = new Address("b", 1);
  private static final Address B2 = new Address("b", 2);

  private final ParameterLayout layout =
      NetworkParser.parse(300, List.of("dense 500 relu", "dense 10")).layout();

  @Test
  void countsOwnersJvmByJvm() {
    Placement placement = Placement.of(List.of(B, A, B2, B, A));
    assertThat(placement.jvms()).containsExactly(B, A, B2);
    assertThat(placement.owners()).containsExactly(0, 3, 1, 4, 2);
    assertThat(placement.ranksOf(B)).containsExactly(0, 3);
    assertThat(placement.ranksOf(A)).containsExactly(1, 4);
    assertThat(placement.ranksOf(B2)).containsExactly(2);
  }

  /** One rank, many in one JVM, all apart, and 60 ranks anywhere among 7 JVMs. */
  static List<List<Address>> tables() {
    SplittableRandom random = new SplittableRandom(4);
    return List.of(
        List.of(A),
        List.of(A, A, A, A),
        List.of(A, B, B2),
        List.of(A, B, A, B, A, B),
        IntStream.range(0, 60).mapToObj(r -> new Address("h", random.nextInt(7))).toList());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everySliceHasOneOwner(List<Address> table) {
    Placement placement = Placement.of(table);
    List<Slice> owned = new ArrayList<>();
    for (int rank : placement.owners()) {
      owned.addAll(placement.slicesOf(rank, layout));
    }
    assertThat(placement.owners()).hasSize(table.size()).doesNotHaveDuplicates();
    assertThat(owned).isEqualTo(layout.slices());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatAJvmOwnsIsOneRun(List<Address> table) {
    Placement placement = Placement.of(table);
    int end = Panels.START;
    int panel = 0;
    for (Address jvm : placement.jvms()) {
      Placement.Span span = placement.spanOf(jvm, layout);
      int length = 0;
      for (int rank : placement.ranksOf(jvm)) {
        length += placement.spanOf(rank, layout).length();
      }
      assertThat(span.length()).isEqualTo(length);
      if (length > 0) {
        assertThat(span.from()).isEqualTo(end);
        assertThat(span.firstPanel()).isEqualTo(panel);
        end = span.to();
        panel = span.lastPanel();
      }
    }
    assertThat(end).isEqualTo(layout.length());
    assertThat(panel).isEqualTo(layout.panels());
  }
}
