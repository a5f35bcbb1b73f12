package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final String HOSTILE = "</script><img src=x onerror=\"a('b')\">&";
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"figures\">(.*?)</script>");

  private static String page(String text) {
    Figure figure =
        new Figure(
            text,
            text,
            Axis.linear(text),
            Axis.log("y"),
            List.of(Series.line(text, 0, List.of(new double[] {1, 0.1 + 0.2}))),
            List.of(new Mark(text, 1)));
    return new Page(text)
        .head(text, text, text)
        .tiles(Map.of(text, text))
        .heading(text)
        .note(text)
        .figures(text, List.of(figure))
        .table("", List.of(text), List.of(List.of(text)))
        .facts(Map.of(text, text))
        .fold(text)
        .endFold()
        .render();
  }

  @Test
  void noTextBecomesMarkup() {
    String hostile = page(HOSTILE);
    assertThat(hostile).doesNotContain("<img src=x").doesNotContain("onerror=\"");
    assertThat(count(hostile, "</script>")).isEqualTo(count(page("plain"), "</script>"));
  }

  @Test
  void figuresComeOutAsTheyWentIn() throws IOException {
    Matcher data = DATA.matcher(page(HOSTILE));
    assertThat(data.find()).isTrue();
    JsonNode figure = new ObjectMapper().readTree(data.group(1)).path(0);
    assertThat(figure.path("x").path("name").asText()).isEqualTo(HOSTILE);
    assertThat(figure.path("y").path("log").asBoolean()).isTrue();
    assertThat(figure.path("series").path(0).path("points")).hasToString("[[1,0.3]]");
    assertThat(figure.path("marks").path(0).path("x").asDouble()).isEqualTo(1);
  }

  @Test
  void aPageWithoutFiguresCarriesNothingToDrawThem() {
    assertThat(new Page("short").render().length()).isLessThan(20_000);
    assertThat(page("long").length()).isGreaterThan(500_000);
  }

  @Test
  void picturesAreReadByOthers() throws IOException {
    byte[] samples = {0, 50, 100, (byte) 150, (byte) 200, (byte) 255};
    String uri = Png.dataUri(samples, 2, 3, 1);
    byte[] png = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
    var image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(3);
    assertThat(image.getRaster().getSample(1, 0, 0)).isEqualTo(50);
    assertThat(image.getRaster().getSample(2, 1, 0)).isEqualTo(255);
  }

  @Test
  void aWordForTheShellIsOneWord() {
    assertThat(Words.quoted("runs/a")).isEqualTo("runs/a");
    assertThat(Words.quoted("a b's")).isEqualTo("'a b'\\''s'");
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }
}
