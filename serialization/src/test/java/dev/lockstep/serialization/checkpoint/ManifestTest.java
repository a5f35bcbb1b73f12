package dev.lockstep.serialization.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestTest {
  private static final String DIGEST = Sha256.of(new byte[] {1});

  private final Manifest manifest =
      new Manifest(
          469,
          "the run",
          "layers = [\"dense 10\"] # größer\n",
          Part.ofState(469, 512, DIGEST),
          List.of(Part.ofMetrics(1, 400, 7, DIGEST), Part.ofMetrics(401, 469, 8, DIGEST)));

  private static Manifest read(byte[] bytes) {
    return Manifest.read(bytes, "m.json");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A manifest with another text, and the digest that goes with it. */
  private byte[] forged(String from, String to) {
    String body = new String(manifest.toBytes(), StandardCharsets.UTF_8);
    String text =
        body.substring(
            "{\"manifest\":".length(), body.indexOf(",\"sha256\":\"", body.length() - 90));
    String changed = text.replace(from, to);
    assertThat(changed).isNotEqualTo(text);
    return bytes(
        "{\"manifest\":%s,\"sha256\":\"%s\"}\n".formatted(changed, Sha256.of(bytes(changed))));
  }

  @Test
  void comesBack() {
    assertThat(read(manifest.toBytes())).isEqualTo(manifest);
  }

  @Test
  void itsNameTellsItsStepAndIsItsOwn() {
    assertThat(manifest.name()).matches("step-000000469-[0-9a-f]{16}\\.json");
    assertThat(Manifest.step(manifest.name())).hasValue(469);
    assertThat(Manifest.step("step-000000469.json")).isEmpty();
    assertThat(Manifest.step("../step-000000469-0123456789abcdef.json")).isEmpty();
    Manifest other = new Manifest(469, "another", "", manifest.state(), manifest.metrics());
    assertThat(other.name()).isNotEqualTo(manifest.name());
  }

  @Test
  void anyByteThatIsMissingOrOtherIsFound() {
    byte[] whole = manifest.toBytes();
    for (int at = 0; at < whole.length; at++) {
      byte[] cut = Arrays.copyOf(whole, at);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(FormatException.class);
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      assertThatThrownBy(() -> read(flipped)).as("byte %d", at).isInstanceOf(FormatException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../state-000000469-%s.safetensors",
        "/etc/passwd",
        "state-000000469-%s.safetensors/x",
        "state-000000469-%s",
        "state.safetensors",
        ""
      })
  void aPartIsNeverAPath(String name) {
    String real = manifest.state().name();
    String digits = DIGEST.substring(0, 16);
    byte[] bytes = forged("\"" + real + "\"", "\"" + name.replace("%s", digits) + "\"");
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("m.json: ")
        .hasMessageContaining("is not the name of a part");
  }

  @Test
  void whatCannotBeIsNamed() {
    assertThatThrownBy(() -> read(forged("\"version\":1", "\"version\":2")))
        .hasMessage("m.json is of version 2; this Lockstep reads version 1");
    assertThatThrownBy(() -> read(forged("\"step\":469", "\"step\":-1")))
        .hasMessage("m.json: \"step\" is -1; want a whole number");
    assertThatThrownBy(() -> read(forged("\"length\":512", "\"length\":-512")))
        .hasMessageContaining("\"length\" is -512");
    assertThatThrownBy(() -> read(forged("\"run\":\"the run\"", "\"run\":7")))
        .hasMessage("m.json: \"run\" is 7; want a text");
    assertThatThrownBy(() -> read(forged("\"version\":1", "\"version\":1,\"more\":2")))
        .hasMessage("m.json has more in it than a manifest has");
    assertThatThrownBy(() -> read(forged(DIGEST, Sha256.of(new byte[0]))))
        .hasMessageContaining("want 64 digits that begin with those in the name");
  }

  @Test
  void depthTakesNoStack() {
    assertThatThrownBy(() -> read(bytes("[".repeat(100_000)))).isInstanceOf(FormatException.class);
  }
}
