package dev.lockstep.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lockstep.ui.Chart.Form;
import dev.lockstep.ui.Chart.Point;
import dev.lockstep.ui.Chart.Series;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class ChartTest {
  private static final Pattern PLACE = Pattern.compile("(-?[\\d.]+) (-?[\\d.]+)");

  private static Chart line(Form form, Point... points) {
    return new Chart("Loss", "", List.of(new Series("a", "first", form, List.of(points))), false);
  }

  private static Document parse(Chart chart) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(chart.render())));
  }

  private static List<double[]> places(Document page) {
    String path =
        page.getElementsByTagName("path").item(0).getAttributes().getNamedItem("d").getNodeValue();
    List<double[]> places = new ArrayList<>();
    Matcher matcher = PLACE.matcher(path);
    while (matcher.find()) {
      places.add(
          new double[] {
            Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))
          });
    }
    return places;
  }

  @Test
  void pointsLieWhereTheirValuesAre() throws Exception {
    List<double[]> places =
        places(parse(line(Form.LINE, new Point(100, 1), new Point(150, 3), new Point(200, 2))));
    assertThat(places).hasSize(3);
    assertThat(places.get(1)[0]).isEqualTo((places.get(0)[0] + places.get(2)[0]) / 2);
    assertThat(places.get(2)[1]).isCloseTo((places.get(0)[1] + places.get(1)[1]) / 2, offset(0.11));
    assertThat(places.get(1)[1]).isLessThan(places.get(0)[1]);
  }

  @Test
  void valuesOfManySizesHaveALogarithmicAxis() throws Exception {
    Chart chart = line(Form.LINE, new Point(1, 100), new Point(2, 10), new Point(3, 1));
    assertThat(chart.render()).contains("log scale").contains(">10<");
    List<double[]> places = places(parse(chart));
    assertThat(places.get(1)[1] - places.get(0)[1])
        .isCloseTo(places.get(2)[1] - places.get(1)[1], offset(0.11));
    assertThat(line(Form.LINE, new Point(1, 49), new Point(2, 1)).render())
        .doesNotContain("log scale");
  }

  @Test
  void aHighBeginningDoesNotHideTheRest() throws Exception {
    Point[] points = {new Point(1, 100), new Point(2, 1), new Point(3, 2), new Point(4, 1)};
    Series area = new Series("a", "compute", Form.AREA, List.of(points));
    Chart chart = new Chart("Time of a step", "ms", List.of(area), true);
    assertThat(chart.render()).contains("ms, top cut off");
    List<double[]> places = places(parse(chart));
    assertThat(places.get(0)[1]).isEqualTo(10);
    assertThat(places.get(2)[1]).isCloseTo(128.5, offset(0.11));
    Series even = new Series("a", "compute", Form.AREA, List.of(points).subList(1, 4));
    assertThat(new Chart("Time of a step", "ms", List.of(even), true).render())
        .doesNotContain("cut off");
  }

  @Test
  void valuesThatAreNoneAreLeftOut() throws Exception {
    Chart none = line(Form.LINE, new Point(1, Double.NaN), new Point(2, Double.POSITIVE_INFINITY));
    assertThat(none.isEmpty()).isTrue();
    Chart one = line(Form.LINE, new Point(1, Double.NaN), new Point(2, 5));
    assertThat(one.isEmpty()).isFalse();
    assertThat(parse(one).getElementsByTagName("circle").getLength()).isEqualTo(1);
  }

  @Test
  void everyMarkSaysWhatItIs() throws Exception {
    Document page = parse(line(Form.MARKS, new Point(1, 0.5), new Point(2, 0.25)));
    assertThat(page.getElementsByTagName("circle").getLength()).isEqualTo(2);
    assertThat(page.getElementsByTagName("title").item(1).getTextContent())
        .isEqualTo("a 0.2500, step 2");
  }

  /** Whatever is drawn lies within the frame, and no coordinate is NaN. */
  @Test
  void oddValuesStayWithinTheFrame() throws Exception {
    for (double[] ys :
        new double[][] {
          {0, 0, 0},
          {5, 5, 5},
          {-1, 0, 1},
          {1e-300, 1e-300, 2e-300},
          {1e300, 1e299, 1e300},
          {-5, -5, -5},
          {0, 1e-9, 1e9},
          {1e-12, 1, 1e12}
        }) {
      for (boolean fromZero : new boolean[] {false, ys[0] >= 0}) {
        Series series =
            new Series(
                "a",
                "first",
                Form.LINE,
                List.of(new Point(1, ys[0]), new Point(2, ys[1]), new Point(3, ys[2])));
        String html = new Chart("Loss", "", List.of(series), fromZero).render();
        assertThat(html).doesNotContain("NaN").doesNotContain("Infinity");
        for (double[] place : places(parse(new Chart("Loss", "", List.of(series), fromZero)))) {
          assertThat(place[0]).isBetween(0.0, 380.0);
          assertThat(place[1]).isBetween(0.0, 190.0);
        }
      }
    }
  }
}
