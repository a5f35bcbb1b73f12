package dev.lockstep.loss;

import java.util.List;
import java.util.stream.Stream;

/** The losses by name. */
public final class Losses {
  private static final List<Loss> ALL = List.of(new SoftmaxCrossEntropy());

  private Losses() {}

  /** The names in configurations. */
  public static List<String> names() {
    return ALL.stream().map(Loss::name).toList();
  }

  /**
   * The loss of a name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static Loss of(String name) {
    return Stream.ofNullable(name)
        .flatMap(n -> ALL.stream().filter(loss -> loss.name().equals(n)))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("loss %s: want one of %s".formatted(name, names())));
  }
}
