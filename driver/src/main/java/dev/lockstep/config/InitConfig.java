package dev.lockstep.config;

import dev.lockstep.init.InitScheme;
import java.util.Arrays;

/**
 * The initial weights.
 *
 * @param scheme how they are drawn
 * @param file a safetensors file to start from instead; empty for none
 */
public record InitConfig(InitScheme scheme, String file) {
  static InitConfig read(Values values) {
    String name = values.text("init.scheme");
    Checks checks = new Checks();
    checks.oneOf("init.scheme", name, InitScheme.names());
    checks.done();
    InitScheme scheme =
        Arrays.stream(InitScheme.values())
            .filter(s -> s.configName().equals(name))
            .findFirst()
            .orElseThrow();
    return new InitConfig(scheme, values.text("init.file").strip());
  }

  void write(Entries entries) {
    entries.put("init.scheme", scheme.configName());
    entries.put("init.file", file);
  }
}
