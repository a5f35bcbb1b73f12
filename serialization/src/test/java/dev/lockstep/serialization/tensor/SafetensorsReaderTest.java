package dev.lockstep.serialization.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.serialization.FormatException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a file can be wrong, and the sentence that it gets. */
class SafetensorsReaderTest {
  private static void refused(byte[] file, String sentence) {
    assertThatThrownBy(() -> FileBytes.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage("x.safetensors: " + sentence);
  }

  /** A file whose header is {@code json} with ' for ". */
  private static byte[] file(String json, int dataBytes) {
    return FileBytes.of(json.replace('\'', '"'), dataBytes);
  }

  private static byte[] tensor(String shape, String offsets, int dataBytes) {
    return file(
        "{'w': {'dtype': 'F32', 'shape': %s, 'data_offsets': %s}}".formatted(shape, offsets),
        dataBytes);
  }

  @Test
  void aFileTooShortForAHeader() {
    refused(new byte[9], "9 bytes are no safetensors file; want at least 10");
    refused(new byte[0], "0 bytes are no safetensors file; want at least 10");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "3,3", "-1,18446744073709551615", "9000000000,9000000000"})
  void aHeaderLengthThatCannotBe(long length, String shown) {
    refused(
        FileBytes.withHeaderLength(file("{}", 0), length),
        "the header declares " + shown + " bytes; want 2 to 2 in a file of 10 bytes");
  }

  @Test
  void aHeaderAboveTheFormatsBound() {
    byte[] file = FileBytes.withHeaderLength(file("{}", 0), 100_000_001);
    assertThatThrownBy(
            () -> SafetensorsReader.read(new ByteArrayInputStream(file), 1L << 40, "big"))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "big: the header declares 100000001 bytes; want 2 to 100000000 in a file of"
                + " 1099511627776 bytes");
  }

  @Test
  void aHeaderThatIsNoObject() {
    refused(file("[]", 0), "the header begins with byte 0x5b; want 0x7b, the { of a JSON object");
    refused(file(" {}", 0), "the header begins with byte 0x20; want 0x7b, the { of a JSON object");
  }

  @Test
  void aHeaderThatIsNotUtf8() {
    byte[] file = file("{'wx': 1}", 0);
    file[11] = (byte) 0xff;
    refused(file, "the header is not valid UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'w'", "{'w': ", "{,}", "{'w': {'dtype': nil}}", "{w: 1}", "{'a\\x': 1}"})
  void aHeaderThatIsNotJson(String header) {
    assertThatThrownBy(() -> FileBytes.read(file(header, 0)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("x.safetensors: the header is not valid JSON: ");
  }

  @Test
  void aHeaderThatGoesOn() {
    refused(file("{} {}", 0), "the header goes on after its JSON object");
  }

  @Test
  void aNameThatIsThereTwice() {
    String w = "'w': {'dtype': 'F32', 'shape': [0], 'data_offsets': [0, 0]}";
    refused(file("{" + w + ", " + w + "}", 0), "the header has two entries named w");
    refused(
        file("{'__metadata__': {}, '__metadata__': {}}", 0),
        "the header has two entries named __metadata__");
    refused(file("{'__metadata__': {'a': '1', 'a': '1'}}", 0), "metadata a is there twice");
    refused(
        file("{'w': {'dtype': 'F32', 'shape': [], 'shape': []}}", 0), "tensor w has shape twice");
  }

  @Test
  void halfASurrogatePair() {
    refused(
        file("{'\\ud800': {}}", 0),
        "a name in the header has half a surrogate pair, which is no text");
    refused(
        file("{'__metadata__': {'k': '\\udfff'}}", 0),
        "metadata k has half a surrogate pair, which is no text");
  }

  @Test
  void metadataThatIsNotText() {
    refused(file("{'__metadata__': 'a'}", 0), "__metadata__ is a; want a JSON object");
    refused(file("{'__metadata__': {'a': 1}}", 0), "metadata a is 1; want a JSON string");
    refused(file("{'__metadata__': {'a': null}}", 0), "metadata a is null; want a JSON string");
    refused(file("{'__metadata__': {'a': {}}}", 0), "metadata a is {; want a JSON string");
  }

  @Test
  void anEntryThatIsNoObject() {
    refused(file("{'w': [1]}", 0), "tensor w is [; want a JSON object");
  }

  @Test
  void anEntryThatLacksAKey() {
    refused(file("{'w': {'dtype': 'F32', 'shape': [1]}}", 4), "tensor w has no data_offsets");
    refused(file("{'w': {}}", 4), "tensor w has no data_offsets, dtype, shape");
  }

  @Test
  void anEntryWithAnUnknownKey() {
    refused(
        file("{'w': {'strides': [1]}}", 4),
        "tensor w has the key strides; want dtype, shape and data_offsets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"F16", "BF16", "F64", "I32", "U8", "BOOL", "F8_E4M3", "f32", ""})
  void aDtypeThatIsNotF32(String dtype) {
    refused(
        file("{'x': {'dtype': '" + dtype + "', 'shape': [1], 'data_offsets': [0, 2]}}", 2),
        "tensor x has dtype " + dtype + "; want F32");
  }

  @Test
  void aDtypeThatIsNoText() {
    refused(file("{'x': {'dtype': 32}}", 0), "tensor x: dtype is 32; want a JSON string");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "1.5", "1e3", "'1'", "null", "true", "2147483648", "1" + "0000000000"})
  void aDimensionThatIsNoSize(String dimension) {
    refused(
        tensor("[1, " + dimension + "]", "[0, 4]", 4),
        "tensor w: shape holds %s; want whole numbers of 0 to 2147483647"
            .formatted(dimension.replace("'", "")));
  }

  @Test
  void aShapeThatIsNoArray() {
    refused(tensor("4", "[0, 4]", 4), "tensor w: shape is 4; want a JSON array");
    refused(
        tensor("[[1]]", "[0, 4]", 4),
        "tensor w: shape holds [; want whole numbers of 0 to 2147483647");
  }

  @Test
  void aShapeWhoseProductOverflows() {
    refused(
        tensor("[2147483647, 2147483647, 2147483647, 2147483647]", "[0, 4]", 4),
        "tensor w has shape [2147483647, 2147483647, 2147483647, 2147483647], but 4 bytes; want 4"
            + " for each value");
    // 2^62 values of 4 bytes: 0 modulo 2^64.
    refused(
        tensor("[1073741824, 1073741824, 4]", "[0, 0]", 0),
        "tensor w has shape [1073741824, 1073741824, 4], but 0 bytes; want 4 for each value");
  }

  @Test
  void aShapeThatIsNotItsSize() {
    refused(
        tensor("[2, 3]", "[0, 20]", 20),
        "tensor w has shape [2, 3], but 20 bytes; want 4 for each value");
    refused(
        tensor("[1]", "[0, 7]", 7), "tensor w has shape [1], but 7 bytes; want 4 for each value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[0]", "[0, 4, 8]"})
  void offsetsThatAreNoPair(String offsets) {
    int count = offsets.equals("[]") ? 0 : offsets.split(",", -1).length;
    refused(tensor("[1]", offsets, 4), "tensor w has " + count + " data_offsets; want 2");
  }

  @Test
  void anOffsetThatIsNoSize() {
    refused(
        tensor("[1]", "[-4, 0]", 4),
        "tensor w: data_offsets holds -4; want whole numbers of 0 to 9223372036854775807");
    refused(
        tensor("[1]", "[0, 18446744073709551620]", 4),
        "tensor w: data_offsets holds 18446744073709551620; want whole numbers of 0 to"
            + " 9223372036854775807");
  }

  @Test
  void offsetsOutsideTheData() {
    refused(
        tensor("[2]", "[0, 8]", 4),
        "tensor w has data_offsets [0, 8]; want them ascending within the data's 4 bytes");
    refused(
        tensor("[1]", "[4, 0]", 4),
        "tensor w has data_offsets [4, 0]; want them ascending within the data's 4 bytes");
  }

  @Test
  void gigabytesThatAreNotThere() {
    refused(
        tensor("[2000000000]", "[0, 8000000000]", 4),
        "tensor w has data_offsets [0, 8000000000]; want them ascending within the data's 4 bytes");
  }

  @Test
  void moreValuesThanAnArrayHolds() {
    byte[] file = tensor("[2147483647]", "[0, 8589934588]", 0);
    assertThatThrownBy(
            () ->
                SafetensorsReader.read(
                    new ByteArrayInputStream(file), file.length + 8589934588L, "big"))
        .isInstanceOf(FormatException.class)
        .hasMessage("big: tensor w has 2147483647 values, but one array can hold 2147483639");
  }

  @Test
  void tensorsThatOverlap() {
    refused(
        file(
            """
            {'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]},
             'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}}""",
            8),
        "tensor b begins at byte 4 of the data, but the one before it ends at 8");
  }

  @Test
  void bytesOfNoTensor() {
    refused(tensor("[1]", "[4, 8]", 8), "bytes [0, 4) of the data belong to no tensor");
    refused(tensor("[1]", "[0, 4]", 5), "bytes [4, 5) of the data belong to no tensor");
    refused(file("{}", 3), "bytes [0, 3) of the data belong to no tensor");
    refused(
        file(
            """
            {'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]},
             'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [8, 12]}}""",
            12),
        "bytes [4, 8) of the data belong to no tensor");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 20, 1})
  void aStreamThatEndsEarly(int missing) {
    byte[] file = tensor("[1]", "[0, 4]", 4);
    byte[] start = Arrays.copyOf(file, missing == 0 ? 0 : file.length - missing);
    assertThatThrownBy(
            () -> SafetensorsReader.read(new ByteArrayInputStream(start), file.length, "cut"))
        .isInstanceOf(FormatException.class)
        .hasMessage("cut: the stream ends before the file's " + file.length + " bytes");
  }

  @Test
  void aStreamThatGoesOn() {
    byte[] file = tensor("[1]", "[0, 4]", 4);
    byte[] more = Arrays.copyOf(file, file.length + 1);
    assertThatThrownBy(
            () -> SafetensorsReader.read(new ByteArrayInputStream(more), file.length, "more"))
        .isInstanceOf(FormatException.class)
        .hasMessage("more: the stream goes on after the file's " + file.length + " bytes");
  }

  @Test
  void aNameIsShownInOneShortLine() {
    refused(
        file("{'a\\nb" + "c".repeat(1000) + "': 1}", 0),
        "tensor a b" + "c".repeat(77) + "... is 1; want a JSON object");
  }
}
