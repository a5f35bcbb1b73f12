package dev.lockstep.layer;

import dev.lockstep.setting.Settings;
import java.util.List;

/** {@code y = x}: no layer at all, where a recipe wants to name one. */
public final class Identity implements LayerKind {
  @Override
  public String name() {
    return "identity";
  }

  @Override
  public String meaning() {
    return "y = x";
  }

  @Override
  public List<Layer> create(Place place, Settings settings) {
    return List.of();
  }
}
