package dev.lockstep.serialization.tensor;

import static dev.lockstep.serialization.FormatException.shown;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.lockstep.serialization.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses the JSON of a header: its grammar, types and text, but not where the tensors lie. */
final class HeaderParser {
  /** No limit of Jackson's may be below what the length of a header allows. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Header.MAX_BYTES)
                  .maxNameLength(Header.MAX_BYTES)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final String file;
  private final JsonParser json;

  private HeaderParser(String file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Parses a header.
   *
   * @param file the name of the file, for messages
   * @throws FormatException if the bytes are not the header of a file of float32 tensors
   */
  static Header parse(String file, byte[] bytes) throws IOException {
    if (bytes[0] != '{') {
      throw new FormatException(
          "%s: the header begins with byte 0x%02x; want 0x7b, the { of a JSON object"
              .formatted(file, bytes[0]));
    }
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new FormatException("%s: the header is not valid UTF-8".formatted(file), e);
    }
    try (JsonParser json = JSON.createParser(text.array(), 0, text.limit())) {
      return new HeaderParser(file, json).header();
    } catch (JsonProcessingException e) {
      throw new FormatException(
          "%s: the header is not valid JSON: %s".formatted(file, shown(e.getOriginalMessage())), e);
    }
  }

  private Header header() throws IOException {
    Map<String, String> metadata = Map.of();
    List<Header.Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    expect(JsonToken.START_OBJECT, "the header");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = text("a name in the header");
      if (!names.add(name)) {
        throw bad("the header has two entries named " + shown(name));
      }
      if (name.equals(SafetensorsFile.METADATA)) {
        metadata = metadata();
      } else {
        entries.add(entry(name));
      }
    }
    if (json.nextToken() != null) {
      throw bad("the header goes on after its JSON object");
    }
    return new Header(metadata, entries);
  }

  private Map<String, String> metadata() throws IOException {
    Map<String, String> metadata = new HashMap<>();
    expect(JsonToken.START_OBJECT, SafetensorsFile.METADATA);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = text("a key of the metadata");
      String what = "metadata " + shown(key);
      expect(JsonToken.VALUE_STRING, what);
      if (metadata.putIfAbsent(key, text(what)) != null) {
        throw bad(what + " is there twice");
      }
    }
    return metadata;
  }

  private Header.Entry entry(String name) throws IOException {
    String tensor = "tensor " + shown(name);
    Set<String> missing = new HashSet<>(List.of("dtype", "shape", "data_offsets"));
    List<Integer> shape = List.of();
    List<Long> offsets = List.of();
    expect(JsonToken.START_OBJECT, tensor);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      switch (key) {
        case "dtype" -> checkDtype(tensor);
        case "shape" -> shape = shape(tensor);
        case "data_offsets" -> offsets = numbers(tensor + ": data_offsets", Long.MAX_VALUE);
        default ->
            throw bad(
                "%s has the key %s; want dtype, shape and data_offsets"
                    .formatted(tensor, shown(key)));
      }
      if (!missing.remove(key)) {
        throw bad("%s has %s twice".formatted(tensor, key));
      }
    }
    if (!missing.isEmpty()) {
      throw bad(
          "%s has no %s".formatted(tensor, String.join(", ", missing.stream().sorted().toList())));
    }
    if (offsets.size() != 2) {
      throw bad("%s has %d data_offsets; want 2".formatted(tensor, offsets.size()));
    }
    return new Header.Entry(name, shape, offsets.get(0), offsets.get(1));
  }

  private void checkDtype(String tensor) throws IOException {
    expect(JsonToken.VALUE_STRING, tensor + ": dtype");
    String dtype = json.getText();
    if (!dtype.equals(Header.F32)) {
      throw bad("%s has dtype %s; want %s".formatted(tensor, shown(dtype), Header.F32));
    }
  }

  private List<Integer> shape(String tensor) throws IOException {
    return numbers(tensor + ": shape", Integer.MAX_VALUE).stream().map(Math::toIntExact).toList();
  }

  private List<Long> numbers(String what, long bound) throws IOException {
    List<Long> numbers = new ArrayList<>();
    expect(JsonToken.START_ARRAY, what);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole || json.getLongValue() < 0 || json.getLongValue() > bound) {
        throw bad(
            "%s holds %s; want whole numbers of 0 to %d"
                .formatted(what, shown(json.getText()), bound));
      }
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  private void expect(JsonToken token, String what) throws IOException {
    if (json.nextToken() != token) {
      String found = json.currentToken() == null ? "the end" : shown(json.getText());
      throw bad("%s is %s; want %s".formatted(what, found, kind(token)));
    }
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "a JSON object";
      case START_ARRAY -> "a JSON array";
      default -> "a JSON string";
    };
  }

  /** The text of the current token, which may have escaped half a surrogate pair. */
  private String text(String what) throws IOException {
    String text = json.getText();
    if (!SafetensorsFile.isText(text)) {
      throw bad(what + " has half a surrogate pair, which is no text");
    }
    return text;
  }

  private FormatException bad(String sentence) {
    return new FormatException(file + ": " + sentence);
  }
}
