package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A configuration: a file, and what the command line puts in its place. */
final class ConfigOptions {
  @Parameters(
      paramLabel = "CONF",
      arity = "0..1",
      description = "A configuration file, such as conf/mnist-mlp.conf; built-in digits without.")
  private String file;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description =
          "The data, in place of data.uri: a directory of IDX or CIFAR-10 files, a table (.parquet, .csv, .libsvm), or synthetic:digits.")
  private String data;

  @Mixin private TableOptions tables;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting in place of the file's; may be repeated. conf/reference.conf has all.")
  private List<String> settings = new ArrayList<>();

  RunConfig read() throws IOException {
    List<String> overrides = new ArrayList<>(settings);
    overrides.addAll(tables.over(data));
    return ConfigReader.read(text(), file == null ? "defaults" : file, overrides);
  }

  private Optional<String> text() throws IOException {
    if (file == null) {
      return Optional.empty();
    }
    Storage storage = Storage.at(new Location(file));
    if (!storage.exists("") || storage.isDirectory("")) {
      throw new ConfigException("there is no configuration file %s".formatted(file));
    }
    return Optional.of(new String(storage.read(""), StandardCharsets.UTF_8));
  }
}
