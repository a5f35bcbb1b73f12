package dev.lockstep.spark.exchange;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Who is where, and who owns which slices. Owners are counted JVM by JVM, so that what a JVM owns
 * is one contiguous run; ownership affects no bit.
 *
 * @param jvms the addresses, in the order in which ranks name them
 * @param owners the ranks, JVM by JVM
 * @param table the address of each rank
 */
record Placement(List<Address> jvms, List<Integer> owners, List<Address> table) {
  static Placement of(List<Address> table) {
    List<Address> jvms = List.copyOf(new LinkedHashSet<>(table));
    List<Integer> owners = new ArrayList<>();
    for (Address jvm : jvms) {
      for (int rank = 0; rank < table.size(); rank++) {
        if (table.get(rank).equals(jvm)) {
          owners.add(rank);
        }
      }
    }
    return new Placement(jvms, List.copyOf(owners), List.copyOf(table));
  }

  /** The slices that a rank owns. */
  List<Slice> slicesOf(int rank, ParameterLayout layout) {
    return layout.slicesOf(owners.indexOf(rank), owners.size());
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
    private static Span of(List<Slice> slices) {
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
    return owners.stream().filter(rank -> table.get(rank).equals(jvm)).toList();
  }
}
