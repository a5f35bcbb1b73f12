package dev.lockstep.ml;

import dev.lockstep.network.NetworkParser;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import scala.runtime.AbstractFunction1;

/**
 * What Spark asks about a value before a parameter takes it. One that is not taken is refused with
 * a sentence that says what is wanted, where Spark would say no more than that it is invalid.
 *
 * @param <T> of values
 */
final class Valid<T> extends AbstractFunction1<T, Object> implements Serializable {
  private static final long serialVersionUID = 1;

  /** What is wanted instead of a value; empty for one that will do. */
  interface Check<T> extends Serializable {
    Optional<String> wanted(T value);
  }

  private final String param;
  private final Check<T> check;

  private Valid(String param, Check<T> check) {
    this.param = param;
    this.check = check;
  }

  static Valid<Object> atLeast(String param, double bound) {
    return number(param, value -> value >= bound, "a number of %s or more", bound);
  }

  static Valid<Object> above(String param, double bound) {
    return number(param, value -> value > bound, "a number above %s", bound);
  }

  /** Of a number that is in order. */
  private interface Order extends Serializable {
    boolean has(double value);
  }

  private static Valid<Object> number(String param, Order order, String wanted, double bound) {
    String shown = bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    return new Valid<>(
        param,
        value ->
            order.has(((Number) value).doubleValue())
                ? Optional.empty()
                : Optional.of(wanted.formatted(shown)));
  }

  static Valid<String> oneOf(String param, List<String> names) {
    return new Valid<>(
        param,
        value ->
            names.contains(value)
                ? Optional.empty()
                : Optional.of("one of " + String.join(", ", names)));
  }

  static Valid<int[]> sizes(String param) {
    return new Valid<>(
        param,
        value ->
            value.length >= 2 && Arrays.stream(value).allMatch(size -> size > 0)
                ? Optional.empty()
                : Optional.of("two sizes or more, above 0"));
  }

  static Valid<String[]> names(String param) {
    return new Valid<>(
        param, value -> value.length > 0 ? Optional.empty() : Optional.of("a column or more"));
  }

  /** What may stand behind {@code dense N}. */
  static Valid<String> activation(String param) {
    return new Valid<>(
        param,
        value -> {
          try {
            NetworkParser.parse(1, List.of("dense 8 " + value));
            return Optional.empty();
          } catch (IllegalArgumentException e) {
            return Optional.of("a kind of layer, such as relu, sigmoid or tanh");
          }
        });
  }

  @Override
  public Object apply(T value) {
    Optional<String> wanted = check.wanted(value);
    if (wanted.isPresent()) {
      String shown =
          value instanceof int[] sizes
              ? Arrays.toString(sizes)
              : value instanceof String[] names ? Arrays.toString(names) : value.toString();
      throw new IllegalArgumentException(
          "parameter %s given invalid value %s; want %s".formatted(param, shown, wanted.get()));
    }
    return true;
  }
}
