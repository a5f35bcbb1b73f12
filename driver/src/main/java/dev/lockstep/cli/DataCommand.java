package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.DataConfig;
import dev.lockstep.data.DataSummary;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxWriter;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticData;
import dev.lockstep.source.DataSets;
import dev.lockstep.source.MirrorDownload;
import dev.lockstep.source.PublishedData;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at data, makes data, fetches data. */
@Command(
    name = "data",
    description = "Looks at data, makes data, fetches data.",
    mixinStandardHelpOptions = true,
    subcommands = {DataCommand.Info.class, DataCommand.Synth.class, DataCommand.Fetch.class})
final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: data info, data synth or data fetch");
  }

  /** Reads a data set from end to end and says what it holds. */
  @Command(
      name = "info",
      description = "Reads a data set from end to end and says what it holds.",
      mixinStandardHelpOptions = true)
  static final class Info implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "URI",
        description =
            "A directory of MNIST's IDX files or of CIFAR-10's, or synthetic:digits?n=60000&seed=1"
                + " or synthetic:gate?of=xor.")
    private String uri;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      for (Split split : Split.values()) {
        DataSummary summary = DataSummary.of(DataSets.open(uri, split));
        out.printf(
            Locale.ROOT,
            "%s: %,d examples of %s bytes, from %d to %d, mean %.3f%n",
            split.name().toLowerCase(Locale.ROOT),
            summary.examples(),
            summary.shape(),
            summary.minPixel(),
            summary.maxPixel(),
            summary.meanPixel());
        for (int label = 0; label < summary.classCounts().size(); label++) {
          out.printf(Locale.ROOT, "  class %-3d %,9d%n", label, summary.classCounts().get(label));
        }
      }
      out.println("fingerprint " + DataSets.fingerprint(uri));
      out.flush();
      return ExitCode.DONE;
    }
  }

  /** Writes synthetic data as IDX files. */
  @Command(
      name = "synth",
      description = "Writes synthetic data as MNIST's four gzip IDX files.",
      mixinStandardHelpOptions = true)
  static final class Synth implements Callable<Integer> {
    @Parameters(
        paramLabel = "URI",
        arity = "0..1",
        defaultValue = "synthetic:digits",
        description = "synthetic:digits?n=60000&seed=1, the default, or synthetic:gate?of=xor.")
    private String uri;

    @Option(names = "--to", paramLabel = "URI", required = true, description = "The directory.")
    private String to;

    @Override
    public Integer call() throws IOException {
      if (!uri.startsWith(SyntheticData.SCHEME)) {
        throw new ConfigException(
            "data synth %s: want synthetic data, such as synthetic:digits?n=N&seed=S"
                .formatted(uri));
      }
      Storage storage = Storage.at(new Location(to));
      if (storage.exists("") && !storage.list("").isEmpty()) {
        throw new ConfigException(
            "data synth --to %s: it is not empty, and data is never overwritten; choose another"
                .formatted(to));
      }
      write(storage, "train", DataSets.open(uri, Split.TRAIN));
      write(storage, "t10k", DataSets.open(uri, Split.TEST));
      return ExitCode.DONE;
    }

    private static void write(Storage storage, String prefix, ExampleSource source)
        throws IOException {
      try (OutputStream images = create(storage, prefix + "-images-idx3-ubyte.gz");
          OutputStream labels = create(storage, prefix + "-labels-idx1-ubyte.gz")) {
        IdxWriter.write(source, images, labels);
      }
    }

    private static OutputStream create(Storage storage, String name) throws IOException {
      return new GZIPOutputStream(storage.create(name), 1 << 16);
    }
  }

  /** Fetches a published data set. */
  @Command(
      name = "fetch",
      description = {
        "Fetches a published data set from the first mirror that has the right bytes.",
        "Mirrors are data.mirrors in the configuration; every file's SHA-256 is verified."
      },
      mixinStandardHelpOptions = true)
  static final class Fetch implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "mnist or fashion-mnist.")
    private String name;

    @Option(names = "--to", paramLabel = "URI", required = true, description = "The directory.")
    private String to;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "Such as data.mirrors.mnist=[\"http://mirror/\"].")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      if (!DataConfig.FETCHABLE.contains(name)) {
        throw new ConfigException(
            "data fetch %s: want one of %s".formatted(name, DataConfig.FETCHABLE));
      }
      List<String> mirrors =
          ConfigReader.read(Optional.empty(), "defaults", settings).data().mirrors().get(name);
      new MirrorDownload()
          .fetch(
              PublishedData.named(name),
              mirrors,
              Storage.at(new Location(to)),
              line -> spec.commandLine().getErr().println(line));
      spec.commandLine().getErr().flush();
      return ExitCode.DONE;
    }
  }
}
