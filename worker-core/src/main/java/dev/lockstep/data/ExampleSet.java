package dev.lockstep.data;

import java.util.List;

/** A data set of labelled examples, as it is known without being read. */
public interface ExampleSet {
  /** Where the data comes from, as a user would write it. */
  String name();

  /** Where one example is, as a user would look for it. */
  default String nameOf(long index) {
    return "%s: example %d".formatted(name(), index);
  }

  /** How many examples there are. */
  long examples();

  /** I, numbers of an example. */
  int features();

  /** How an example lies in bytes. */
  default ExampleFormat format() {
    return ExampleFormat.bytes(features());
  }

  /** Dimensions of an example, whose product is {@link #features}; height before width. */
  default List<Integer> shape() {
    return List.of(features());
  }
}
