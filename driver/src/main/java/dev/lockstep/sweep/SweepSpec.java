package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.typesafe.config.Config;
import dev.lockstep.config.ConfigException;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a sweep is asked for; {@link SpecReader} makes one from HOCON.
 *
 * @param name of the file, for messages
 * @param written what the file says
 * @param base the text of the recipe that all trials begin with
 * @param baseName of its file, for messages
 * @param fixed what holds for every trial, before the recipe: {@code set}, budget and goal
 * @param cells what answers are wanted for, at least one
 * @param tune the axes on which the best of each cell is sought
 * @param search which of their points are tried
 * @param repeats the settings of the repetitions of each best; none if they are not asked for
 * @param select which trial is best where there is no goal
 * @param halving when hopeless trials are given up
 * @param keepsAll whether models and checkpoints of trials stay
 * @param parallel how many trials run at the same time, if the user says
 * @param between whose solutions are joined by lines in the end
 * @param figures what a report is to show, as the user wrote it
 */
public record SweepSpec(
    String name,
    Config written,
    Optional<String> base,
    String baseName,
    Config fixed,
    List<Cell> cells,
    List<Axis> tune,
    Search search,
    List<Point> repeats,
    Selection select,
    Optional<Halving> halving,
    boolean keepsAll,
    OptionalInt parallel,
    Optional<Between> between,
    ArrayNode figures) {
  public SweepSpec {
    cells = List.copyOf(cells);
    tune = List.copyOf(tune);
    repeats = List.copyOf(repeats);
  }

  /**
   * Reads the specification in a file.
   *
   * @throws ConfigException with all mistakes, one a line
   * @throws IOException if it cannot be read
   */
  public static SweepSpec read(String file) throws IOException {
    return SpecReader.read(text(file, "specification"), file);
  }

  static String text(String file, String what) throws IOException {
    Storage storage = Storage.at(new Location(file));
    if (!storage.exists("") || storage.isDirectory("")) {
      throw new ConfigException("there is no %s %s".formatted(what, file));
    }
    return new String(storage.read(""), StandardCharsets.UTF_8);
  }

  /** What the first trials of every cell are for. */
  Stage firstStage() {
    return tune.isEmpty() ? Stage.TRIAL : Stage.TUNE;
  }
}
