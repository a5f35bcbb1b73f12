package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.Split;
import dev.lockstep.engine.Training;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.TensorShape;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.GradientCheck;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.source.DataSets;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.GradientInspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a network, or checks its gradients. */
@Command(
    name = "inspect",
    description =
        "Shows the network of a configuration: layers, shapes, parameters. With --gradients, checks the gradient of its loss.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final int MOST_ROWS = 4096;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      description = "Features of an example; those of the data without.")
  private Integer inputs;

  @Option(
      names = "--gradients",
      description =
          "Compares the gradient at the initial weights with differences in double, for "
              + GradientInspection.SAMPLE
              + " elements of each tensor; exit 70 if one is wrong.")
  private boolean gradients;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "16",
      description = "With --gradients: over so many of the first examples (${DEFAULT-VALUE}).")
  private int rows;

  @Override
  public Integer call() throws IOException {
    RunConfig config = options.read();
    if (gradients) {
      if (inputs != null) {
        throw new ConfigException("--inputs does not go with --gradients, which read the data");
      }
      if (rows < 1 || rows > MOST_ROWS) {
        throw new ConfigException("--rows %d: want 1 to %d".formatted(rows, MOST_ROWS));
      }
      return checkGradients(config);
    }
    int features =
        inputs == null ? DataSets.open(config.data().uri(), Split.TRAIN).features() : inputs;
    Training training = config.toTraining(1, features);
    show(training.network());
    warn(training.network(), training.loss());
    return ExitCode.DONE;
  }

  private void show(Network network) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-5s %-24s %8s %8s %12s%n", "layer", "", "inputs", "outputs", "parameters");
    int number = 1;
    for (Layer layer : network.layers()) {
      long parameters = layer.tensors().stream().mapToLong(InspectCommand::size).sum();
      String learned =
          layer.tensors().stream().map(TensorShape::name).collect(Collectors.joining(", "));
      String line =
          "%-5d %-24s %8d %8d %,12d  %s"
              .formatted(
                  number++,
                  layer.describe(),
                  layer.inputs(),
                  layer.outputs(),
                  parameters,
                  layer.isDifferentiable() ? learned : "predicts only");
      out.println(line.stripTrailing());
    }
    out.printf("%-48s %,12d%n%n", "total", network.layout().parameters());
    out.println("tensors, as model.safetensors names them:");
    for (ParameterTensor tensor : network.layout().tensors()) {
      out.printf("  %-20s %s%n", tensor.name(), tensor.fileShape());
    }
    out.flush();
  }

  private void warn(Network network, Loss loss) {
    PrintWriter err = spec.commandLine().getErr();
    network.warnings(loss).forEach(warning -> err.println("lockstep: " + warning));
    err.flush();
  }

  private int checkGradients(RunConfig config) throws IOException {
    List<GradientCheck.Tensor> tensors = GradientInspection.of(config, rows);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%-20s %12s %8s %9s %14s%n", "tensor", "elements", "checked", "at kinks", "largest error");
    for (GradientCheck.Tensor tensor : tensors) {
      out.printf(
          "%-20s %,12d %8d %9d %14.1e  %s%n",
          tensor.name(),
          tensor.size(),
          tensor.checked(),
          tensor.atKinks(),
          tensor.error(),
          verdict(tensor));
    }
    out.flush();
    boolean isRight = tensors.stream().allMatch(GradientCheck.Tensor::isRight);
    return isRight ? ExitCode.DONE : ExitCode.INTERNAL;
  }

  private static String verdict(GradientCheck.Tensor tensor) {
    if (!tensor.isRight()) {
      return "WRONG: element %d is %.6g, want %.6g"
          .formatted(tensor.worst(), tensor.computed(), tensor.expected());
    }
    return tensor.checked() == 0 ? "not checked: every element lies at a kink" : "ok";
  }

  private static long size(TensorShape shape) {
    return (long) shape.rows() * shape.columns();
  }
}
