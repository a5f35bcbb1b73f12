package dev.lockstep.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A side in a process of its own, so that thread pools and compilers do not disturb each other.
 * {@link #main} is the process: for every line on stdin, a number of seconds, it answers with a
 * {@link Speed}; between them it waits. An instance is the other end.
 */
final class RivalProcess implements AutoCloseable {
  private static final int MAX_WARM_UPS = 8;
  private static final double WARM = 0.03;

  private final String name;
  private final Process process;
  private final PrintStream requests;
  private final BufferedReader answers;

  /** Starts a process; the arguments are those of {@link #main}. */
  RivalProcess(String name, Map<String, String> environment, String... args) throws IOException {
    this.name = name;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-Xmx3g", "-Dlog4j2.level=ERROR"));
    command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    command.add(RivalProcess.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    process = builder.start();
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What it is called in tables. */
  String name() {
    return name;
  }

  /** Trains for about so long. */
  Speed run(double seconds) throws IOException {
    requests.println(seconds);
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException(name + " has ended");
    }
    return Speed.parse(answer);
  }

  /** Trains until it gets no faster. */
  void warmUp(double seconds) throws IOException {
    double best = 0;
    for (int i = 0; i < MAX_WARM_UPS; i++) {
      double speed = run(seconds).steps();
      if (speed < best * (1 + WARM)) {
        return;
      }
      best = speed;
    }
  }

  @Override
  public void close() {
    requests.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process: {@code local BATCH}, {@code spark MASTER BATCH DATA}, {@code torch ...}. */
  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    Side side = side(args[0], Arrays.asList(args).subList(1, args.length));
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(side.run(Double.parseDouble(line)).line());
      answers.flush();
    }
    System.exit(0);
  }

  private static Side side(String name, List<String> args) throws Exception {
    return switch (name) {
      case "local" -> new LocalSide(Integer.parseInt(args.get(0)));
      case "spark" ->
          new SparkSide(args.get(0), Integer.parseInt(args.get(1)), Path.of(args.get(2)));
      case "torch" ->
          new TorchSide(
              args.get(0),
              Integer.parseInt(args.get(1)),
              Integer.parseInt(args.get(2)),
              Boolean.parseBoolean(args.get(3)),
              Boolean.parseBoolean(args.get(4)));
      default -> throw new IllegalArgumentException(name);
    };
  }
}
