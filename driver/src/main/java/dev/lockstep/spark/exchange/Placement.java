package dev.lockstep.spark.exchange;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is where, and who owns which slices. Owners are counted JVM by JVM, so that what a JVM owns
 * is one contiguous run; ownership affects no bit.
 *
 * @param ranks the ranks of each JVM, ascending; JVMs in the order in which ranks name them
 * @param jvms the addresses, in that order
 * @param owners the ranks, JVM by JVM
 * @param places where in {@code owners} each rank is
 */
record Placement(
    Map<Address, List<Integer>> ranks,
    List<Address> jvms,
    List<Integer> owners,
    List<Integer> places) {
  /** Of the address of each rank. */
  static Placement of(List<Address> table) {
    Map<Address, List<Integer>> ranks = new LinkedHashMap<>();
    for (int rank = 0; rank < table.size(); rank++) {
      ranks.computeIfAbsent(table.get(rank), jvm -> new ArrayList<>()).add(rank);
    }
    List<Integer> owners = ranks.values().stream().flatMap(List::stream).toList();
    Integer[] places = new Integer[owners.size()];
    for (int place = 0; place < places.length; place++) {
      places[owners.get(place)] = place;
    }
    return new Placement(ranks, List.copyOf(ranks.keySet()), owners, List.of(places));
  }

  /** The slices that a rank owns. */
  List<Slice> slicesOf(int rank, ParameterLayout layout) {
    return layout.slicesOf(places.get(rank), places.size());
  }

  /** The run of panel order that a rank owns. */
  Span spanOf(int rank, ParameterLayout layout) {
    return Span.of(slicesOf(rank, layout));
  }

  /** The run of panel order that the ranks of a JVM own together. */
  Span spanOf(Address jvm, ParameterLayout layout) {
    List<Slice> slices = new ArrayList<>();
    for (int rank : ranksOf(jvm)) {
      slices.addAll(slicesOf(rank, layout));
    }
    return Span.of(slices);
  }

  /**
   * A run of panel order.
   *
   * @param from first float
   * @param to behind the last float
   * @param firstPanel first panel
   * @param lastPanel behind the last panel
   */
  record Span(int from, int to, int firstPanel, int lastPanel) {
    static Span of(List<Slice> slices) {
      if (slices.isEmpty()) {
        return new Span(0, 0, 0, 0);
      }
      Slice first = slices.get(0);
      Slice last = slices.get(slices.size() - 1);
      return new Span(
          first.offset(), last.end(), first.firstPanel(), last.firstPanel() + last.panels());
    }

    int length() {
      return to - from;
    }
  }

  /** The ranks of a JVM, ascending. */
  List<Integer> ranksOf(Address jvm) {
    return ranks.getOrDefault(jvm, List.of());
  }
}
