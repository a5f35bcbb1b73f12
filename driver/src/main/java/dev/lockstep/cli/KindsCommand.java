package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.init.InitSchemes;
import dev.lockstep.layer.Layers;
import dev.lockstep.loss.Losses;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.schedule.Schedules;
import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Kinds;
import dev.lockstep.setting.Setting;
import dev.lockstep.train.ExitCode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what configurations can name. */
@Command(
    name = "kinds",
    description =
        "Lists the kinds of layers, losses, optimizers, schedules and initial weights, and what each takes.",
    mixinStandardHelpOptions = true)
final class KindsCommand implements Callable<Integer> {
  private static final Map<String, Kinds<? extends Kind>> ROOMS = new LinkedHashMap<>();

  static {
    ROOMS.put("layers", Layers.KINDS);
    ROOMS.put("losses", Losses.KINDS);
    ROOMS.put("optimizers", Optimizers.KINDS);
    ROOMS.put("schedules", Schedules.KINDS);
    ROOMS.put("inits", InitSchemes.KINDS);
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ROOM",
      arity = "0..1",
      description = "layers, losses, optimizers, schedules or inits; all without.")
  private String room;

  @Override
  public Integer call() {
    if (room != null && !ROOMS.containsKey(room)) {
      throw new ConfigException(
          "kinds %s: want one of %s".formatted(room, String.join(", ", ROOMS.keySet())));
    }
    PrintWriter out = spec.commandLine().getOut();
    ROOMS.forEach(
        (name, kinds) -> {
          if (room == null || room.equals(name)) {
            out.println(name + ":");
            kinds.all().forEach(kind -> print(out, kind));
          }
        });
    out.flush();
    return ExitCode.DONE;
  }

  private static void print(PrintWriter out, Kind kind) {
    out.printf("  %-22s %s%n", kind.name(), kind.meaning());
    for (Setting<?> setting : kind.settings()) {
      String byDefault = setting.byDefault().map(d -> ", " + d + " if not given").orElse("");
      out.printf(
          "    %-20s %s: %s%s%n", setting.name(), setting.meaning(), setting.want(), byDefault);
    }
  }
}
