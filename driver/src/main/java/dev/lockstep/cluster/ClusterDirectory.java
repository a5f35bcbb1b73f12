package dev.lockstep.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that a cluster writes: {@code cluster.json}, a log and a directory for each daemon. It
 * is removed as a whole when the cluster has ended, so it may hold nothing else.
 */
record ClusterDirectory(Path path) {
  private static final String STATE = "cluster.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * What is known of a cluster.
   *
   * @param url the master's spark:// URL; empty until it is known
   * @param daemons what was started, in this order
   */
  record State(String url, List<Daemon> daemons) {
    State {
      daemons = List.copyOf(daemons);
    }

    /** Whether any of the daemons is alive. */
    boolean isAlive() {
      return daemons.stream().anyMatch(daemon -> daemon.find().isPresent());
    }
  }

  /** Whether there is a cluster's state. */
  boolean hasState() {
    return Files.exists(path.resolve(STATE));
  }

  /** Creates the directory, which must not be in use for anything else. */
  void create() throws IOException {
    Files.createDirectories(path);
    try (Stream<Path> files = Files.list(path)) {
      if (files.findAny().isPresent()) {
        throw new ConfigException(
            "--dir %s holds other files; choose a directory that is empty or not there"
                .formatted(path));
      }
    }
  }

  Path log(String daemon) {
    return path.resolve(daemon + ".log");
  }

  Path scratch(String daemon) throws IOException {
    return Files.createDirectories(path.resolve(daemon));
  }

  State read() throws IOException {
    JsonNode json;
    try {
      json = MAPPER.readTree(path.resolve(STATE).toFile());
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "%s is not the state of a cluster; end its processes by hand and delete the directory"
              .formatted(path.resolve(STATE)),
          e);
    }
    List<Daemon> daemons = new ArrayList<>();
    for (JsonNode daemon : json.path("daemons")) {
      daemons.add(
          new Daemon(
              daemon.path("name").asText(),
              daemon.path("pid").asLong(),
              daemon.path("started").asLong()));
    }
    return new State(json.path("url").asText(), daemons);
  }

  void write(State state) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("url", state.url());
    ArrayNode daemons = json.putArray("daemons");
    for (Daemon daemon : state.daemons()) {
      daemons
          .addObject()
          .put("name", daemon.name())
          .put("pid", daemon.pid())
          .put("started", daemon.startMillis())
          .put("log", log(daemon.name()).toString());
    }
    Path draft = path.resolve(STATE + ".draft");
    Files.write(draft, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    Files.move(draft, path.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the directory and all that is in it. */
  void delete() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
