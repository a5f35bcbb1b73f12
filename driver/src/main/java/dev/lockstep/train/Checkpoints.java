package dev.lockstep.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.model.CheckpointTensors;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The checkpoints of a run: for each a file of tensors and a manifest with its length and SHA-256,
 * written last. A checkpoint that does not match its manifest is passed over for the one before.
 */
final class Checkpoints {
  static final String DIRECTORY = "checkpoints";

  private static final String MANIFEST = ".json";
  private static final String TENSORS = ".safetensors";

  /** Steps are padded with zeros, so a longer name is of a later step. */
  private static final Comparator<String> BY_STEP =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private final Storage storage;
  private final Training training;
  private final int keep;
  private final Consumer<String> warnings;

  Checkpoints(Storage storage, Training training, int keep, Consumer<String> warnings) {
    this.storage = storage;
    this.training = training;
    this.keep = keep;
    this.warnings = warnings;
  }

  /** The file of a checkpoint's tensors within the run. */
  static String file(long step) {
    return name(step) + TENSORS;
  }

  private static String name(long step) {
    return "%s/step-%09d".formatted(DIRECTORY, step);
  }

  /** Saves a state, then lets go of those that are too old. */
  void write(State state) throws IOException {
    String name = name(state.step());
    MessageDigest digest = sha256();
    storage.writeAtomically(
        name + TENSORS,
        out -> {
          OutputStream digesting = new DigestOutputStream(out, digest);
          CheckpointTensors.write(training, state, digesting);
          digesting.flush();
        });
    ObjectNode manifest = Json.MAPPER.createObjectNode();
    manifest.put("step", state.step());
    manifest.put("file", name + TENSORS);
    manifest.put("length", storage.length(name + TENSORS));
    manifest.put("sha256", HexFormat.of().formatHex(digest.digest()));
    storage.writeAtomically(
        name + MANIFEST, out -> out.write(Json.MAPPER.writeValueAsBytes(manifest)));
    // Later ones were passed over to come here, so they do not count.
    List<String> manifests = manifests();
    int newest = manifests.indexOf(name.substring(DIRECTORY.length() + 1) + MANIFEST);
    int end = manifests.size();
    for (String old : manifests.subList(Math.min(newest + keep, end), end)) {
      storage.deleteFile(DIRECTORY + "/" + old);
      storage.deleteFile(DIRECTORY + "/" + old.replace(MANIFEST, TENSORS));
    }
  }

  /**
   * The newest state that is whole and whose steps are all in the metrics; empty if the run was
   * stopped before its first checkpoint.
   *
   * @param steps how many steps the metrics have
   * @throws FormatException if there are checkpoints, but none can be used
   */
  Optional<State> latest(long steps) throws IOException {
    List<String> manifests = manifests();
    for (String manifest : manifests) {
      try {
        State state = read(DIRECTORY + "/" + manifest);
        if (state.step() <= steps) {
          return Optional.of(state);
        }
        warnings.accept(
            "checkpoint %s is passed over: %s has only %d whole lines"
                .formatted(manifest, MetricsLog.FILE, steps));
      } catch (FormatException | IOException e) {
        warnings.accept("checkpoint %s is passed over: %s".formatted(manifest, e.getMessage()));
      }
    }
    if (!manifests.isEmpty()) {
      throw new FormatException(
          "%s: the run cannot go on from any of its %d checkpoints; to begin again at step 0, delete %s"
              .formatted(
                  storage.location(), manifests.size(), storage.location().resolve(DIRECTORY)));
    }
    return Optional.empty();
  }

  private State read(String manifest) throws IOException {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(storage.read(manifest));
    } catch (JsonProcessingException e) {
      throw new FormatException(manifest + " is not JSON: " + e.getOriginalMessage(), e);
    }
    String file = manifest.replace(MANIFEST, TENSORS);
    long length = storage.length(file);
    if (length != json.path("length").asLong(-1)) {
      throw new FormatException(
          "%s has %d bytes, but its manifest says %s".formatted(file, length, json.path("length")));
    }
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(storage.open(file), digest)) {
      State state = CheckpointTensors.read(training, in, length, file);
      if (!HexFormat.of().formatHex(digest.digest()).equals(json.path("sha256").asText())) {
        throw new FormatException(file + " does not have the SHA-256 of its manifest");
      }
      return state;
    }
  }

  /** The manifests, newest first. */
  private List<String> manifests() throws IOException {
    if (!storage.isDirectory(DIRECTORY)) {
      return List.of();
    }
    List<String> names = new ArrayList<>(storage.list(DIRECTORY));
    names.removeIf(name -> !name.matches("step-\\d{9,}\\" + MANIFEST));
    names.sort(BY_STEP.reversed());
    return names;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
