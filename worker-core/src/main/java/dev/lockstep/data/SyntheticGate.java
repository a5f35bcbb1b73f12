package dev.lockstep.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The truth table of a logic gate, row after row, as often as is asked for.
 *
 * <p>An example has a byte for each input, 0 for false and 255 for true, and the gate's output as
 * its label, 0 or 1. Rows stand in the order of counting: 00, 01, 10, 11. The same table serves to
 * train and to test, since there is no other.
 */
public final class SyntheticGate implements ExampleSource {
  static final String BASE = SyntheticData.SCHEME + "gate";
  static final String EXAMPLE = BASE + "?of=xor&n=4";

  private static final long serialVersionUID = 1;
  private static final byte TRUE = (byte) 255;

  private final Gate gate;
  private final int examples;

  /** A function of one or two truth values. */
  public enum Gate {
    AND(2, 0b1000),
    OR(2, 0b1110),
    NOT(1, 0b01),
    NAND(2, 0b0111),
    XOR(2, 0b0110);

    private final int inputs;

    /** Bit r is the output of row r. */
    private final int outputs;

    Gate(int inputs, int outputs) {
      this.inputs = inputs;
      this.outputs = outputs;
    }

    /** How many truth values it takes. */
    public int inputs() {
      return inputs;
    }

    /** How many rows its truth table has. */
    public int rows() {
      return 1 << inputs;
    }

    /** The output, 0 or 1, for the inputs that are the digits of a row in binary. */
    public int output(int row) {
      return outputs >> row & 1;
    }

    private String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Describes a data set.
   *
   * @param examples how many, a multiple of the rows, at least one table
   */
  public SyntheticGate(Gate gate, int examples) {
    if (examples < 1 || examples % gate.rows() != 0) {
      throw new IllegalArgumentException(
          "n = %d examples of %s: %s".formatted(examples, gate, want(gate)));
    }
    this.gate = gate;
    this.examples = examples;
  }

  /** Reads {@code synthetic:gate?of=xor&n=4}; n is one table if it is left out. */
  static SyntheticGate parse(String uri) {
    SyntheticSettings settings = SyntheticSettings.parse(uri, List.of("of", "n"), EXAMPLE);
    List<String> names = Arrays.stream(Gate.values()).map(Gate::configName).toList();
    Gate gate = Gate.values()[names.indexOf(settings.oneOf("of", names))];
    long n = settings.whole("n", gate.rows(), 1, Integer.MAX_VALUE);
    if (n % gate.rows() != 0) {
      throw settings.refused("n", want(gate));
    }
    return new SyntheticGate(gate, (int) n);
  }

  private static String want(Gate gate) {
    return "want a multiple of the %d rows of its truth table".formatted(gate.rows());
  }

  /** The URI, with all settings. */
  @Override
  public String name() {
    return "%s?of=%s&n=%d".formatted(BASE, gate.configName(), examples);
  }

  @Override
  public long examples() {
    return examples;
  }

  @Override
  public int features() {
    return gate.inputs();
  }

  @Override
  public Access access() {
    return Access.RANDOM;
  }

  @Override
  public ExampleReader open(long first) {
    byte[] inputs = new byte[gate.inputs()];
    ByteBuffer shown = ByteBuffer.wrap(inputs).asReadOnlyBuffer();
    return new SteppingReader(first) {
      @Override
      protected void show(long example, Sink sink) throws IOException {
        int row = (int) (example % gate.rows());
        for (int j = 0; j < inputs.length; j++) {
          boolean isTrue = (row >> (inputs.length - 1 - j) & 1) == 1;
          inputs[j] = isTrue ? TRUE : 0;
        }
        sink.accept(example, shown, 0, gate.output(row));
      }
    };
  }
}
