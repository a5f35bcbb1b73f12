package dev.lockstep.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.onnx.NoOnnxFormException;
import dev.lockstep.serialization.onnx.OnnxWriter;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.ModelFiles;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.Version;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a trained model elsewhere. */
@Command(
    name = "export",
    description =
        "Writes the model of a finished run, of a saved stage or of a model directory as one file for other programs: ONNX (operator set 17), or safetensors.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  /** What can be written. */
  enum Format {
    ONNX {
      @Override
      void write(Model model, Storage file) throws IOException {
        file.writeAtomically("", out -> OnnxWriter.write(out, model, Version.text()));
      }
    },
    SAFETENSORS {
      @Override
      void write(Model model, Storage file) throws IOException {
        file.writeAtomically("", model::writeTensors);
      }
    };

    abstract void write(Model model, Storage file) throws IOException;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The directory of a run, a stage or a model.")
  private String directory;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "onnx",
      description = "onnx (the default) or safetensors.")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file to write; model.onnx or model.safetensors here without.")
  private String out;

  @Option(names = "--force", description = "Writes over the file if it is there.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    Model model = read(Storage.at(new Location(directory)));
    Location location = new Location(out == null ? "model." + format : out);
    Storage file = Storage.at(location);
    if (file.isDirectory("")) {
      throw new ConfigException("--out %s is a directory; want a file".formatted(location));
    }
    if (!force && file.exists("")) {
      throw new ConfigException(
          "--out %s is there already; choose another file, or write over it with --force"
              .formatted(location));
    }
    try {
      format.write(model, file);
    } catch (NoOnnxFormException e) {
      throw new ConfigException("%s: %s".formatted(directory, e.getMessage()), e);
    }
    print(model, location, file.length(""));
    return ExitCode.DONE;
  }

  private Model read(Storage storage) throws IOException {
    for (String place : List.of("model", "")) {
      if (storage.exists(ModelFiles.name(place, Model.DESCRIPTION))) {
        return ModelFiles.read(storage, place);
      }
    }
    if (RunDirectory.at(directory).exists()) {
      throw new ConfigException(
          "%s is not finished and has no model; resume it first".formatted(directory));
    }
    throw new ConfigException(
        "%s has no model; want the directory of a finished run, of a saved stage, or of a model"
            .formatted(directory));
  }

  private void print(Model model, Location location, long bytes) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("model_sha256", model.sha256());
    json.put("out", location.text());
    json.put("format", format.toString());
    json.put("bytes", bytes);
    spec.commandLine()
        .getOut()
        .println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    spec.commandLine().getOut().flush();
  }
}
