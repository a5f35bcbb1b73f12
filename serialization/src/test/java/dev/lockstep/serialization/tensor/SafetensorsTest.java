package dev.lockstep.serialization.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.serialization.FloatChunk;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the writer writes, byte for byte, and that the reader gives it back, bit for bit. */
class SafetensorsTest {
  /** Written by hand from the format's description. */
  private static final byte[] GOLDEN =
      concat(
          HexFormat.of().parseHex("9800000000000000"),
          ("{\"__metadata__\":{\"a\":\"12\",\"ü\":\"\\\"\"},"
                  + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                  + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}"
                  + " ".repeat(7))
              .getBytes(UTF_8),
          HexFormat.of().parseHex("0000803f" + "000000c0" + "0100c07f"));

  private static final Map<String, String> METADATA = Map.of("ü", "\"", "a", "12");

  private static final List<Tensor> TENSORS =
      List.of(
          new Tensor("w", List.of(2, 1), new float[] {1, -2}),
          new Tensor("b", List.of(), new float[] {Float.intBitsToFloat(0x7fc00001)}));

  private static byte[] concat(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  static void assertSame(SafetensorsFile read, Map<String, String> metadata, List<Tensor> tensors) {
    assertThat(read.metadata()).isEqualTo(metadata);
    assertThat(read.tensors()).hasSameSizeAs(tensors);
    for (int t = 0; t < tensors.size(); t++) {
      Tensor expected = tensors.get(t);
      Tensor actual = read.tensors().get(t);
      assertThat(actual.name()).isEqualTo(expected.name());
      assertThat(actual.shape()).isEqualTo(expected.shape());
      assertThat(bits(actual.values())).isEqualTo(bits(expected.values()));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void writesTheFormat() {
    assertThat(FileBytes.write(METADATA, TENSORS)).isEqualTo(GOLDEN);
  }

  @Test
  void readsTheFormat() {
    assertSame(FileBytes.read(GOLDEN), METADATA, TENSORS);
  }

  @Test
  void writesTheSameBytesWhateverTheMapsOrder() {
    Map<String, String> reversed = new LinkedHashMap<>();
    reversed.put("ü", "\"");
    reversed.put("a", "12");
    assertThat(FileBytes.write(reversed, TENSORS)).isEqualTo(GOLDEN);
  }

  @Test
  void readsTensorsInTheOrderOfTheirData() {
    byte[] file =
        FileBytes.of(
            """
            {"late": {"shape": [1], "data_offsets": [4, 8], "dtype": "F32"},
             "early": {"data_offsets": [0, 4], "dtype": "F32", "shape": [1]}}
            """,
            8);
    assertThat(FileBytes.read(file).tensors())
        .extracting(Tensor::name)
        .containsExactly("early", "late");
  }

  @Test
  void roundTripsNothing() {
    assertThat(FileBytes.write(Map.of(), List.of())).hasSize(16).endsWith(' ');
    assertSame(FileBytes.read(FileBytes.of("{}", 0)), Map.of(), List.of());
  }

  @Test
  void roundTripsEmptyTensorsAmongOthers() {
    List<Tensor> tensors =
        List.of(
            new Tensor("z", List.of(0), new float[0]),
            new Tensor("one", List.of(1), new float[] {1}),
            new Tensor("y", List.of(3, 0, 7), new float[0]),
            new Tensor("a", List.of(0), new float[0]),
            new Tensor("two", List.of(1, 1), new float[] {2}),
            new Tensor("x", List.of(0), new float[0]));
    assertSame(FileBytes.read(FileBytes.write(Map.of(), tensors)), Map.of(), tensors);
  }

  @Test
  void roundTripsMoreThanAChunk() {
    float[] values = new float[2 * FloatChunk.MAX_VALUES + 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.1f;
    }
    List<Tensor> tensors = List.of(new Tensor("w", List.of(values.length), values));
    assertSame(FileBytes.read(FileBytes.write(Map.of(), tensors)), Map.of(), tensors);
  }

  @Test
  void readsAStreamThatGivesOneByteAtATime() throws IOException {
    var drops =
        new FilterInputStream(new ByteArrayInputStream(GOLDEN)) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return super.read(bytes, offset, Math.min(1, length));
          }
        };
    assertSame(SafetensorsReader.read(drops, GOLDEN.length, "x"), METADATA, TENSORS);
  }

  @Test
  void leavesFailuresOfTheStreamAlone() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThatThrownBy(() -> SafetensorsReader.read(broken, 100, "x"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("disk on fire");
  }

  @Test
  void refusesToWriteAHeaderThatNobodyMayRead() {
    String long60 = "x".repeat(60_000_000);
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    OutputStream.nullOutputStream(), Map.of("a", long60, "b", long60), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the format allows 100000000");
  }
}
