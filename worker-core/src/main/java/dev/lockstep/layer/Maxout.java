package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * The largest of some pieces of each unit, {@code y_u = max over k of x_(k O + u)}: of O pieces
 * first, then of O second ones, and so on. Behind a dense layer it makes a maxout layer.
 * (Goodfellow et al., "Maxout Networks", 2013, section 2.)
 *
 * <p>Of equal pieces the first wins, and the gradient goes to the winner. Scratch holds the number
 * of each unit's winner.
 *
 * @param outputs O
 * @param pieces how many pieces a unit has
 */
public record Maxout(int outputs, int pieces) implements Layer {
  @Override
  public String describe() {
    return "maxout %d of %d".formatted(outputs, pieces);
  }

  @Override
  public int inputs() {
    return outputs * pieces;
  }

  @Override
  public boolean readsInput() {
    return false;
  }

  @Override
  public boolean readsOutput() {
    return false;
  }

  @Override
  public int scratch() {
    return outputs;
  }

  @Override
  public void forward(Kernels kernels, Rows rows, Operands o) {
    Panels x = o.x();
    Panels y = o.y();
    Panels winners = o.scratch();
    int count = rows.count() * Panels.WIDTH;
    for (int p = 0; p < y.count(); p++) {
      System.arraycopy(x.data(), x.panel(p), y.data(), y.panel(p), count);
      Arrays.fill(winners.data(), winners.panel(p), winners.panel(p) + count, 0f);
    }
    for (int piece = 1; piece < pieces; piece++) {
      for (int unit = 0, run; unit < outputs; unit += run) {
        run = run(piece, unit);
        int from = x.at(0, piece * outputs + unit);
        int to = y.at(0, unit);
        int wo = winners.at(0, unit);
        kernels
            .elements()
            .larger(x.data(), from, rows.count(), run, piece, y.data(), to, winners.data(), wo);
      }
    }
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands o) {
    if (o.dx() == null) {
      return;
    }
    Panels dy = o.dy();
    Panels dx = o.dx();
    Panels winners = o.scratch();
    for (int piece = 0; piece < pieces; piece++) {
      for (int unit = 0, run; unit < outputs; unit += run) {
        run = run(piece, unit);
        int from = dy.at(0, unit);
        int to = dx.at(0, piece * outputs + unit);
        int wo = winners.at(0, unit);
        kernels
            .elements()
            .route(dy.data(), from, rows.count(), run, piece, winners.data(), wo, dx.data(), to);
      }
    }
  }

  /** How many units from one on lie in one panel, both of a piece and of the outputs. */
  private int run(int piece, int unit) {
    int ofPiece = Panels.WIDTH - (piece * outputs + unit) % Panels.WIDTH;
    int ofOutput = Panels.WIDTH - unit % Panels.WIDTH;
    return Math.min(outputs - unit, Math.min(ofPiece, ofOutput));
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = Arrays.copyOf(x, outputs);
    for (int i = outputs; i < x.length; i++) {
      y[i % outputs] = Math.max(y[i % outputs], x[i]);
    }
    return y;
  }

  /** {@code maxout UNITS [PIECES]}: a dense layer of UNITS x PIECES, then the largest of each. */
  public static final class Kind implements LayerKind {
    /** O. */
    public static final Setting<Integer> UNITS =
        Setting.whole("units", 1, Dense.MAX_UNITS, "how many outputs");

    /** How many pieces a unit has; 2 by default. */
    public static final Setting<Integer> PIECES =
        Setting.whole(
            "pieces", 2, 2, 1024, "of how many linear functions an output is the largest");

    @Override
    public String name() {
      return "maxout";
    }

    @Override
    public String meaning() {
      return "y = the largest of several x W + b";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(UNITS, PIECES);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      int units = settings.get(UNITS);
      int pieces = settings.get(PIECES);
      if ((long) units * pieces > Dense.MAX_UNITS) {
        throw new IllegalArgumentException(
            "%d units of %d pieces are %d; want at most %d together"
                .formatted(units, pieces, (long) units * pieces, Dense.MAX_UNITS));
      }
      return List.of(new Dense(place.inputs(), units * pieces), new Maxout(units, pieces));
    }
  }
}
