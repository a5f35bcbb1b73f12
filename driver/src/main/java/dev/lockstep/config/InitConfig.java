package dev.lockstep.config;

import dev.lockstep.init.InitKind;
import dev.lockstep.init.InitScheme;
import dev.lockstep.init.InitSchemes;

/**
 * The initial weights.
 *
 * @param choice one of {@link InitSchemes#KINDS}
 * @param file a safetensors file to start from instead; empty for none
 */
public record InitConfig(Choice choice, String file) {
  private static final String SCHEME = "init.scheme";

  static InitConfig read(Values values) {
    Choice choice =
        values.section(v -> Choice.read(v, SCHEME, InitSchemes.KINDS, InitKind::create, "file"));
    return new InitConfig(choice, values.text("init.file").strip());
  }

  void write(Entries entries) {
    choice.write(entries, SCHEME);
    entries.put("init.file", file);
  }

  /** How the weights are drawn where there is no file. */
  public InitScheme scheme() {
    return choice.kind(InitSchemes.KINDS).create(choice.settings());
  }
}
