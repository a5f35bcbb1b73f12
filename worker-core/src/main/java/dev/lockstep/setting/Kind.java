package dev.lockstep.setting;

import java.util.List;

/**
 * A kind of piece that configurations name: of layer, loss, optimiser, schedule or initialiser.
 *
 * <p>A kind is found by {@link java.util.ServiceLoader}, so it has a public constructor without
 * arguments and a line in {@code META-INF/services} of its jar.
 */
public interface Kind {
  /** The name in configurations: small letters, digits and hyphens. */
  String name();

  /** What it does, in one line without a full stop; a formula where there is one. */
  String meaning();

  /** What it can be told, in the order in which values without a name are taken. */
  default List<Setting<?>> settings() {
    return List.of();
  }
}
