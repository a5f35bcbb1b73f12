package dev.lockstep.report;

import static dev.lockstep.ui.Html.digits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.layer.TensorShape;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.serialization.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Examples and weights as pictures.
 *
 * @param height rows of pixels
 * @param width columns of pixels
 * @param channels 1, or 3 planes one after the other, as CIFAR-10 has them
 */
record Pictures(int height, int width, int channels) {
  private static final int MOST_UNITS = 64;
  private static final int[] POSITIVE = {178, 60, 30};
  private static final int[] NEGATIVE = {30, 90, 178};

  /** Those of examples of a shape, height before width; empty if such examples are no pictures. */
  static Optional<Pictures> of(JsonNode shape) {
    int first = shape.path(0).asInt();
    return switch (shape.size()) {
      case 2 -> Optional.of(new Pictures(first, shape.path(1).asInt(), 1));
      case 3 ->
          first == 3
              ? Optional.of(new Pictures(shape.path(1).asInt(), shape.path(2).asInt(), 3))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private int pixels() {
    return height * width;
  }

  /** The worst examples of {@code evaluation.json}, with what each was taken for. */
  String worst(JsonNode examples) throws IOException {
    StringBuilder list = new StringBuilder("<ul class=\"gallery\">");
    for (JsonNode example : examples) {
      byte[] planes = example.path("pixels").binaryValue();
      if (planes == null || planes.length != pixels() * channels) {
        continue;
      }
      int label = example.path("label").asInt();
      int prediction = example.path("prediction").asInt();
      long index = example.path("index").asLong();
      list.append(
          "<li><img src=\"%s\" alt=\"example %d\"><b>%d → %d</b><br>loss %s<br>no. %d</li>"
              .formatted(
                  Png.dataUri(interleaved(planes), height, width, channels),
                  index,
                  label,
                  prediction,
                  digits(example.path("loss").asDouble()),
                  index));
    }
    return list.append("</ul>").toString();
  }

  /** Planes of colours as pixels of all colours. */
  private byte[] interleaved(byte[] planes) {
    byte[] samples = new byte[planes.length];
    for (int p = 0; p < pixels(); p++) {
      for (int c = 0; c < channels; c++) {
        samples[p * channels + c] = planes[c * pixels() + p];
      }
    }
    return samples;
  }

  /**
   * The weights between inputs and the units of the first layer that has any, a picture a unit: red
   * above 0, blue below, white at it, one scale for all.
   *
   * @return empty if the layer's inputs are not these pictures
   */
  Optional<String> weights(Model model) {
    Optional<ParameterTensor> first =
        model.network().layout().tensors().stream()
            .filter(tensor -> !tensor.shape().isVector())
            .findFirst();
    if (first.isEmpty() || first.get().shape().rows() != pixels() * channels) {
      return Optional.empty();
    }
    TensorShape shape = first.get().shape();
    int units = Math.min(MOST_UNITS, shape.columns());
    float[] all = first.get().toFileOrder(model.parameters());
    List<Float> sizes = new ArrayList<>();
    for (int i = 0; i < units * shape.rows(); i++) {
      sizes.add(Math.abs(all[i]));
    }
    sizes.sort(null);
    // A few outliers would leave all others white.
    float bound = sizes.get((int) (0.995 * (sizes.size() - 1)));
    StringBuilder list =
        new StringBuilder("<p class=\"note\">")
            .append(
                "%d of %d units; red is positive, blue negative, full colour from ±%s on.</p>"
                    .formatted(units, shape.columns(), digits(bound)))
            .append("<ul class=\"weights\">");
    for (int unit = 0; unit < units; unit++) {
      list.append(
          "<li><img src=\"%s\" alt=\"unit %d\"></li>"
              .formatted(
                  Png.dataUri(coloured(all, unit * shape.rows(), bound), height, width, 3), unit));
    }
    return Optional.of(list.append("</ul>").toString());
  }

  /** Of inputs with colours the mean over these. */
  private byte[] coloured(float[] weights, int from, float bound) {
    byte[] samples = new byte[pixels() * 3];
    for (int p = 0; p < pixels(); p++) {
      float sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += weights[from + c * pixels() + p];
      }
      double share = bound == 0 ? 0 : Math.max(-1, Math.min(1, sum / channels / bound));
      int[] full = share > 0 ? POSITIVE : NEGATIVE;
      for (int s = 0; s < 3; s++) {
        samples[3 * p + s] = (byte) Math.round(255 + (full[s] - 255) * Math.abs(share));
      }
    }
    return samples;
  }
}
