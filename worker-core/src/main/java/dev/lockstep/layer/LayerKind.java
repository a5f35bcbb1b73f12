package dev.lockstep.layer;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Settings;
import java.util.List;

/** A kind of layer, such as {@code dense}. */
public interface LayerKind extends Kind {
  /**
   * The layers that an entry of this kind stands for: one, mostly.
   *
   * @param place where in the network they stand
   * @throws IllegalArgumentException with a sentence, if there can be no such layer there
   */
  List<Layer> create(Place place, Settings settings);

  /**
   * A place in a network.
   *
   * @param inputs what the layer before gives
   * @param index how many layers come before; keeps random numbers of layers apart
   */
  record Place(int inputs, int index) {}
}
