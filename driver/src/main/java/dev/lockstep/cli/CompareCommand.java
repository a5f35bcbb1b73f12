package dev.lockstep.cli;

import dev.lockstep.compare.Comparison;
import dev.lockstep.compare.Difference;
import dev.lockstep.compare.RunRecord;
import dev.lockstep.config.ConfigException;
import dev.lockstep.report.CompareReport;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts runs side by side. */
@Command(
    name = "compare",
    description = {
      "Puts runs side by side: what differs in their configurations, what they came to, and at which"
          + " step and bits each parts from the first.",
      "Says \"identical, bit for bit\" when two are."
    },
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  /** Of a digest or another long word. */
  private static final int WIDEST = 24;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run directories, at least two.")
  private List<String> directories;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also: curves over each other and all of this, as one file of HTML.")
  private String report;

  @Override
  public Integer call() throws IOException {
    if (directories.size() < 2) {
      throw new ConfigException("compare %s: want at least two runs".formatted(directories.get(0)));
    }
    List<RunRecord> runs = new ArrayList<>();
    for (String directory : directories) {
      runs.add(RunRecord.read(directory));
    }
    Comparison comparison = new Comparison(runs);
    PrintWriter out = spec.commandLine().getOut();
    section(out, "configuration", comparison.settings(), "the same in all that has an effect");
    Map<String, List<String>> others = comparison.withoutEffect();
    if (!others.isEmpty()) {
      section(out, "without effect on the result", others, "");
    }
    out.printf("data: %s%n%n", comparison.isSameData() ? "the same" : "not the same");
    section(out, "figures", comparison.figures(), "none");
    List<Difference> differences = new ArrayList<>();
    for (RunRecord run : runs.subList(1, runs.size())) {
      Difference difference = Difference.of(runs.get(0), run);
      differences.add(difference);
      out.printf(
          "%s against %s (there): %s%n", run.name(), runs.get(0).name(), difference.describe());
    }
    if (report != null) {
      CompareReport.write(report, comparison, differences);
      out.println(report);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private void section(
      PrintWriter out, String title, Map<String, List<String>> rows, String ifEmpty) {
    if (rows.isEmpty()) {
      out.printf("%s: %s%n%n", title, ifEmpty);
      return;
    }
    int first =
        Stream.concat(Stream.of(title), rows.keySet().stream())
            .mapToInt(String::length)
            .max()
            .orElseThrow();
    List<Integer> widths = new ArrayList<>();
    for (int r = 0; r < directories.size(); r++) {
      int run = r;
      int widest =
          rows.values().stream().mapToInt(row -> shown(row.get(run)).length()).max().orElseThrow();
      widths.add(Math.max(widest, directories.get(r).length()));
    }
    line(out, first, title, widths, directories);
    rows.forEach(
        (key, row) ->
            line(out, first, key, widths, row.stream().map(CompareCommand::shown).toList()));
    out.println();
  }

  private static void line(
      PrintWriter out, int first, String head, List<Integer> widths, List<String> cells) {
    StringBuilder line = new StringBuilder(pad(head, first));
    for (int c = 0; c < cells.size(); c++) {
      line.append("  ").append(pad(cells.get(c), widths.get(c)));
    }
    out.println(line.toString().stripTrailing());
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String shown(String value) {
    return value.length() <= WIDEST ? value : value.substring(0, WIDEST - 1) + "…";
  }
}
