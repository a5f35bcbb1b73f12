package dev.lockstep.cli;

import dev.lockstep.config.RunConfig;
import dev.lockstep.data.Split;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.TensorShape;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.source.DataSets;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a network. */
@Command(
    name = "inspect",
    description = "Shows the network of a configuration: layers, shapes, parameters.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      description = "Features of an example; those of the data without.")
  private Integer inputs;

  @Override
  public Integer call() throws IOException {
    RunConfig config = options.read();
    int features =
        inputs == null ? DataSets.open(config.data().uri(), Split.TRAIN).features() : inputs;
    Network network = config.toTraining(1, features).network();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-5s %-20s %8s %8s %12s%n", "layer", "", "inputs", "outputs", "parameters");
    int number = 1;
    for (Layer layer : network.layers()) {
      long parameters = layer.tensors().stream().mapToLong(InspectCommand::size).sum();
      out.printf(
          "%-5d %-20s %8d %8d %,12d%n",
          number++, layer.describe(), layer.inputs(), layer.outputs(), parameters);
    }
    out.printf("%-44s %,12d%n%n", "total", network.layout().parameters());
    out.println("tensors, as model.safetensors names them:");
    for (ParameterTensor tensor : network.layout().tensors()) {
      out.printf("  %-20s %s%n", tensor.name(), tensor.fileShape());
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static long size(TensorShape shape) {
    return (long) shape.rows() * shape.columns();
  }
}
