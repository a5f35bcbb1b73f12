package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.layer.Dense;
import dev.lockstep.layer.Layers;
import dev.lockstep.layer.Relu;
import dev.lockstep.layer.Tanh;
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
            new Relu(256),
            new Dense(256, 64),
            new Tanh(64),
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
            layers[0] = "dense 0": units = 0: want a whole number from 1 to 1048576 (want "dense UNITS")
            layers[2] = "conv 3 3": want a kind of layer first, one of %s
            layers[3] = "dense 5 rleu": "rleu" is neither a kind of layer nor anything that dense takes; want "dense UNITS"
            layers[4] = "dense": units is missing: want a whole number from 1 to 1048576 (want "dense UNITS")"""
                .formatted(String.join(", ", Layers.KINDS.names())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Dense 3", "dense3", "3 dense"})
  void wantsAKindFirst(String entry) {
    assertThatThrownBy(() -> NetworkParser.parse(1, List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layers[0] = \"%s\": want a kind of layer first, one of %s"
                .formatted(entry, String.join(", ", Layers.KINDS.names())));
  }

  @Test
  void anEntryMayHoldSeveralLayersAndNamedSettings() {
    assertThat(NetworkParser.parse(2, List.of("dense units=3 relu dense 4 tanh")).layers())
        .containsExactly(new Dense(2, 3), new Relu(3), new Dense(3, 4), new Tanh(4));
  }

  @Test
  void refusesASettingTwiceAndOneTooMany() {
    List<String> entries =
        List.of("dense units=2 units=3", "dense 4 units=3", "dense units=3 rleu", "dense 3 relu 4");
    assertThatThrownBy(() -> NetworkParser.parse(1, entries))
        .hasMessage(
            """
            layers[0] = "dense units=2 units=3": units is given twice; keep one
            layers[1] = "dense 4 units=3": "4" is neither a kind of layer nor anything that dense takes; want "dense UNITS"
            layers[2] = "dense units=3 rleu": "rleu" is neither a kind of layer nor anything that dense takes; want "dense UNITS"
            layers[3] = "dense 3 relu 4": "4" is neither a kind of layer nor anything that relu takes; want "relu\"""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "0x9", "1f", "1048577", "9999999", "99999999999", "٣"})
  void refusesOtherUnits(String units) {
    assertThatThrownBy(() -> NetworkParser.parse(1, List.of("dense " + units)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layers[0] = \"dense %s\": units = %s: want a whole number from 1 to 1048576 (want \"dense UNITS\")"
                .formatted(units, units));
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
