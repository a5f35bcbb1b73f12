package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import dev.lockstep.setting.SettingsException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind that a jar of the user's own brings is configured like one of ours. */
final class UsersKindTest {
  /** Such a kind, with a setting that no kind of ours has. */
  public record Lazy() implements OptimizerKind {
    private static final Setting<Double> LAZINESS =
        Setting.number("laziness", 0.5, Range.BELOW_ONE, "what is left undone");

    @Override
    public String name() {
      return "lazy";
    }

    @Override
    public String meaning() {
      return "p -= rate (1 - laziness) g";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(LAZINESS);
    }

    @Override
    public Optimizer create(Settings settings) {
      if (settings.get(LAZINESS) == 0.25) {
        throw new SettingsException(
            List.of(
                new SettingsException.Mistake(
                    "laziness", Optional.of("0.25"), "want anything else")));
      }
      return new Momentum(settings.toFloat(LAZINESS), false);
    }
  }

  private ClassLoader before;
  private URLClassLoader jar;

  @BeforeEach
  void addTheJar(@TempDir Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(OptimizerKind.class.getName()), Lazy.class.getName());
    before = Thread.currentThread().getContextClassLoader();
    jar = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(jar);
  }

  @AfterEach
  void removeTheJar() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    jar.close();
  }

  private static RunConfig read(String text) {
    return ConfigReader.read(Optional.of(text), "my.conf", List.of());
  }

  @Test
  void itsSettingsAreReadAndRendered() {
    RunConfig config = read("optimizer { name = lazy, laziness = 0.75 }");
    assertThat(config.optimizer().optimizer()).isEqualTo(new Momentum(0.75f, false));
    assertThat(config.render()).contains("optimizer.laziness = 0.75\n");
    assertThat(read(config.render())).isEqualTo(config);
    assertThat(read("optimizer.name = lazy").optimizer().optimizer())
        .isEqualTo(new Momentum(0.5f, false));
  }

  @Test
  void itsMistakesAreNamedLikeOurs() {
    assertThatThrownBy(() -> read("optimizer { name = lazy, laziness = 1 }"))
        .hasMessage("my.conf: 1: optimizer.laziness = 1: want a number from 0, below 1");
    assertThatThrownBy(() -> read("optimizer { name = lazy, laziness = 0.25 }"))
        .hasMessage("my.conf: 1: optimizer.laziness = 0.25: want anything else");
    assertThatThrownBy(() -> read("optimizer { name = lazy, lazyness = 0.5, beta1 = 0.5 }"))
        .hasMessage(
            "my.conf: 1: unknown key optimizer.lazyness; did you mean optimizer.laziness?\n"
                + "my.conf: 1: optimizer.beta1 = 0.5: lazy has no beta1; it takes laziness");
    assertThatThrownBy(() -> read("optimizer.laziness = 0.5"))
        .hasMessage(
            "my.conf: 1: optimizer.laziness = 0.5: momentum has no laziness; it takes momentum");
  }

  @Test
  void aNameThatIsTakenIsRefused(@TempDir Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(OptimizerKind.class.getName()), OtherSgd.class.getName() + "\n");
    try (URLClassLoader other = new URLClassLoader(new URL[] {directory.toUri().toURL()}, jar)) {
      Thread.currentThread().setContextClassLoader(other);
      assertThatThrownBy(() -> read("seed = 3"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(OtherSgd.class.getName() + " are both called sgd; rename one");
    }
  }

  /** A kind whose name is taken. */
  public record OtherSgd() implements OptimizerKind {
    @Override
    public String name() {
      return "sgd";
    }

    @Override
    public String meaning() {
      return "another";
    }

    @Override
    public Optimizer create(Settings settings) {
      throw new UnsupportedOperationException();
    }
  }
}
