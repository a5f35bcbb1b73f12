package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.layer.Activation;
import dev.lockstep.layer.ActivationLayer;
import dev.lockstep.layer.Dense;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkParserTest {
  @Test
  void readsLayersInOrder() {
    Network network =
        NetworkParser.parse(784, List.of("dense 256 relu", " dense  64\ttanh ", "dense 10"));
    assertThat(network.layers())
        .containsExactly(
            new Dense(784, 256),
            new ActivationLayer(Activation.RELU, 256),
            new Dense(256, 64),
            new ActivationLayer(Activation.TANH, 64),
            new Dense(64, 10));
    assertThat(network.inputs()).isEqualTo(784);
    assertThat(network.outputs()).isEqualTo(10);
  }

  @Test
  void identityIsNoLayer() {
    assertThat(NetworkParser.parse(3, List.of("dense 2 identity")).layers())
        .containsExactly(new Dense(3, 2));
  }

  @Test
  void reportsEveryMistakeTogether() {
    List<String> entries =
        List.of("dense 0", "dense 8 relu", "conv 3 3", "dense 5 rleu", "dense", "dense 10");
    assertThatThrownBy(() -> NetworkParser.parse(784, entries))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            layers[0] = "dense 0": UNITS must be a whole number from 1 to 1048576
            layers[2] = "conv 3 3": want "dense UNITS" or "dense UNITS ACTIVATION"
            layers[3] = "dense 5 rleu": ACTIVATION must be one of [identity, relu, sigmoid, tanh]
            layers[4] = "dense": want "dense UNITS" or "dense UNITS ACTIVATION\"""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Dense 3", "dense3", "dense 3 relu 4", "3 dense"})
  void refusesOtherForms(String entry) {
    assertThatThrownBy(() -> NetworkParser.parse(1, List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layers[0] = \"%s\": want \"dense UNITS\" or \"dense UNITS ACTIVATION\""
                .formatted(entry));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "+1", "1.0", "1e3", "1048577", "9999999", "99999999999", "٣"})
  void refusesOtherUnits(String units) {
    assertThatThrownBy(() -> NetworkParser.parse(1, List.of("dense " + units)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layers[0] = \"dense %s\": UNITS must be a whole number from 1 to 1048576"
                .formatted(units));
  }

  @Test
  void takesTheMostUnits() {
    assertThat(NetworkParser.parse(1, List.of("dense 1048576")).outputs()).isEqualTo(1 << 20);
  }

  @Test
  void refusesNoLayers() {
    assertThatThrownBy(() -> NetworkParser.parse(1, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layers = []: a network needs at least 1 layer, such as \"dense 10\"");
  }
}
