package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.layer.Dense;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Relu;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
  @Test
  void refusesNeighboursThatDoNotFit() {
    assertThatThrownBy(() -> Network.of(List.of(new Dense(784, 128), new Dense(256, 10))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layer 2 (dense 256x10) expects 256 inputs, but layer 1 (dense 784x128) has 128 outputs");
    Layer relu = new Relu(5);
    assertThatThrownBy(() -> Network.of(List.of(new Dense(2, 4), relu, new Dense(5, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layer 2 (relu 5) expects 5 inputs, but layer 1 (dense 2x4) has 4 outputs");
  }

  @Test
  void refusesNoLayers() {
    assertThatThrownBy(() -> Network.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a network needs at least 1 layer");
  }

  @Test
  void refusesMoreThanOneArrayHolds() {
    List<Layer> layers = List.of(new Dense(3, 1 << 20), new Dense(1 << 20, 1 << 11));
    assertThatThrownBy(() -> Network.of(layers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layer 2 (dense 1048576x2048) brings the network to 2151680000 floats, more than one"
                + " array can hold");
  }

  @Test
  void doesNotFollowTheListItWasMadeOf() {
    List<Layer> layers = new ArrayList<>(List.of(new Dense(3, 2)));
    Network network = Network.of(layers);
    layers.add(new Dense(2, 9));
    assertThat(network.layers()).containsExactly(new Dense(3, 2));
    assertThat(network.outputs()).isEqualTo(2);
  }
}
