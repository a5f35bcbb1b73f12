package dev.lockstep.checkpoint;

import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.checkpoint.CheckpointTensors;
import dev.lockstep.serialization.checkpoint.Manifest;
import dev.lockstep.serialization.checkpoint.Part;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The generations of a run's checkpoints. One that is not whole is passed over for the one before.
 *
 * <p>Two drivers may work on the same run, where one was thought to be dead. Each only adds files
 * that are named by what is in them, and takes away what is older than generations of its own; so
 * whatever one of them does, the newest generation of the other stays whole, or there is a newer.
 */
public final class Checkpoints {
  /** Where they lie within a run's directory. */
  public static final String DIRECTORY = "checkpoints";

  private final Storage storage;
  private final Training training;
  private final Identity identity;
  private final int keep;
  private final Consumer<String> warnings;
  private final Parts parts;

  /** Names of manifests that were passed over. */
  private final Set<String> broken = new HashSet<>();

  /**
   * What a checkpoint must be of.
   *
   * @param run SHA-256 of all that the result depends on
   * @param config the resolved configuration
   */
  public record Identity(String run, String config) {}

  /**
   * What was found.
   *
   * @param file the file within the run's directory that names all others
   * @param state the state
   * @param journal the lines of its steps
   */
  public record Generation(String file, State state, Journal journal) {}

  /**
   * Those of a run.
   *
   * @param storage the run's directory
   * @param keep how many generations stay, at least 1
   * @param warnings takes a sentence for each generation that is passed over
   */
  public Checkpoints(
      Storage storage, Training training, Identity identity, int keep, Consumer<String> warnings) {
    this.storage = storage;
    this.training = training;
    this.identity = identity;
    this.keep = keep;
    this.warnings = warnings;
    this.parts = new Parts(storage);
  }

  /** A journal for a run that begins. */
  public Journal beginJournal() {
    return Journal.begin(parts);
  }

  /**
   * Saves a state with the lines of its steps, then lets go of what is too old.
   *
   * @return the file within the run's directory that names all others
   */
  public String write(State state, Journal journal) throws IOException {
    if (journal.steps() != state.step()) {
      throw new IllegalArgumentException(
          "%d lines for a state after %d steps".formatted(journal.steps(), state.step()));
    }
    List<Part> metrics = journal.save();
    Part tensors =
        parts.write(
            (length, sha256) -> Part.ofState(state.step(), length, sha256),
            out -> CheckpointTensors.write(training, state, out));
    Manifest manifest =
        new Manifest(state.step(), identity.run(), identity.config(), tensors, metrics);
    String path = Parts.path(manifest.name());
    storage.writeAtomically(path, out -> out.write(manifest.toBytes()));
    broken.remove(manifest.name());
    dropOld(manifest);
    return path;
  }

  /**
   * Deletes the manifests of generations that are too old, and then the parts of their time that no
   * other generation names. Later generations were passed over to come here, so they do not count.
   */
  private void dropOld(Manifest newest) throws IOException {
    Set<String> named = new HashSet<>();
    long oldest = newest.step();
    int kept = 0;
    for (String name : manifests().filter(name -> step(name) <= newest.step()).toList()) {
      Optional<Manifest> manifest = kept < keep ? whole(name) : Optional.empty();
      if (manifest.isPresent()) {
        kept++;
        oldest = step(name);
        named.add(manifest.get().state().name());
        manifest.get().metrics().forEach(part -> named.add(part.name()));
      } else {
        storage.deleteFile(Parts.path(name));
      }
    }
    for (String name : storage.list(DIRECTORY)) {
      if (Part.isName(name) && Part.lastStep(name) < oldest && !named.contains(name)) {
        storage.deleteFile(Parts.path(name));
      }
    }
  }

  private Optional<Manifest> whole(String name) throws IOException {
    try {
      return broken.contains(name) ? Optional.empty() : Optional.of(manifest(name));
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  /**
   * The newest generation that is whole; empty if the run was stopped before its first.
   *
   * @throws FormatException if there are generations, but none can be used
   */
  public Optional<Generation> latest() throws IOException {
    List<String> names = manifests().toList();
    for (String name : names) {
      try {
        return Optional.of(read(name));
      } catch (FormatException | IOException e) {
        broken.add(name);
        warnings.accept("checkpoint %s is passed over: %s".formatted(name, e.getMessage()));
      }
    }
    if (!names.isEmpty()) {
      throw new FormatException(
          "%s: the run cannot go on from any of its %d checkpoints; to begin again at step 0, delete %s"
              .formatted(storage.location(), names.size(), storage.location().resolve(DIRECTORY)));
    }
    return Optional.empty();
  }

  private Generation read(String name) throws IOException {
    Manifest manifest = manifest(name);
    if (!manifest.run().equals(identity.run())) {
      throw new FormatException(name + " is of another configuration, or of other data");
    }
    Part part = manifest.state();
    State state =
        parts.read(part, in -> CheckpointTensors.read(training, in, part.length(), part.name()));
    if (state.step() != manifest.step()) {
      throw new FormatException(
          "%s is of step %d, but its manifest of step %d"
              .formatted(part.name(), state.step(), manifest.step()));
    }
    Journal journal = Journal.read(parts, manifest.metrics(), state.step());
    return new Generation(Parts.path(name), state, journal);
  }

  private Manifest manifest(String name) throws IOException {
    String path = Parts.path(name);
    long length = storage.length(path);
    if (length > Manifest.MAX_BYTES) {
      throw new FormatException(
          "%s has %d bytes; a manifest has no more than %d"
              .formatted(path, length, Manifest.MAX_BYTES));
    }
    return Manifest.read(storage.read(path), path);
  }

  /** Names of the manifests, newest first. */
  private Stream<String> manifests() throws IOException {
    if (!storage.isDirectory(DIRECTORY)) {
      return Stream.empty();
    }
    return storage.list(DIRECTORY).stream()
        .filter(name -> Manifest.step(name).isPresent())
        .sorted(Comparator.comparingLong(Checkpoints::step).reversed());
  }

  private static long step(String manifest) {
    return Manifest.step(manifest).orElseThrow();
  }
}
