package dev.lockstep.report;

import static dev.lockstep.ui.Html.escape;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One file of HTML in the making. It carries its style, its figures and what draws them; its own
 * policy forbids it to fetch anything. All text that comes in is escaped here.
 */
final class Page {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ECHARTS =
      "/META-INF/resources/webjars/echarts/5.5.0/echarts.common.min.js";
  private static final String POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private final List<Figure> figures = new ArrayList<>();

  /** An empty page. */
  Page(String title) {
    this.title = title;
  }

  /** Markup, as it is. */
  Page html(String markup) {
    body.append(markup).append('\n');
    return this;
  }

  /**
   * The head of the page.
   *
   * @param above a word on what the page is
   * @param status how it stands
   * @param message a sentence on that; empty for none
   */
  Page head(String above, String status, String message) {
    html(
        "<header><p class=\"above\">%s <span class=\"status %s\">%s</span></p><h1>%s</h1>"
            .formatted(
                escape(above),
                status.equals("finished") ? "good" : "bad",
                escape(status),
                escape(title)));
    if (!message.isEmpty()) {
      html("<p class=\"message\">%s</p>".formatted(escape(message)));
    }
    return html("</header>");
  }

  /** Large numbers beside each other, by what they are; nothing for none. */
  Page tiles(Map<String, String> tiles) {
    if (tiles.isEmpty()) {
      return this;
    }
    html("<dl class=\"tiles\">");
    tiles.forEach(
        (name, value) ->
            html("<div><dt>%s</dt><dd>%s</dd></div>".formatted(escape(name), escape(value))));
    return html("</dl>");
  }

  Page heading(String text) {
    return html("<h2>%s</h2>".formatted(escape(text)));
  }

  Page note(String text) {
    return text.isEmpty() ? this : html("<p class=\"note\">%s</p>".formatted(escape(text)));
  }

  /** Figures beside each other under a heading, without those that have no points. */
  Page figures(String heading, List<Figure> some) {
    List<Figure> drawn = some.stream().filter(Figure::hasPoints).toList();
    if (drawn.isEmpty()) {
      return this;
    }
    heading(heading);
    html("<div class=\"figures\">");
    for (Figure figure : drawn) {
      String note =
          figure.note().isEmpty() ? "" : "<small>%s</small>".formatted(escape(figure.note()));
      html(
          "<figure><figcaption>%s%s</figcaption><div class=\"plot\" data-figure=\"%d\" role=\"img\" aria-label=\"%s\"></div></figure>"
              .formatted(escape(figure.title()), note, figures.size(), escape(figure.title())));
      figures.add(figure);
    }
    return html("</div>");
  }

  /** A table with a head. */
  Page table(String style, List<String> head, List<List<String>> rows) {
    StringBuilder table = new StringBuilder("<div class=\"scroll\"><table class=\"");
    table.append(style).append("\"><thead><tr>");
    head.forEach(cell -> table.append("<th>").append(escape(cell)).append("</th>"));
    table.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      table.append("<tr>");
      row.forEach(cell -> table.append("<td>").append(escape(cell)).append("</td>"));
      table.append("</tr>");
    }
    return html(table.append("</tbody></table></div>").toString());
  }

  /** What things are, line by line. */
  Page facts(Map<String, String> facts) {
    StringBuilder list = new StringBuilder("<dl class=\"facts\">");
    facts.forEach(
        (name, value) ->
            list.append(
                "<div><dt>%s</dt><dd>%s</dd></div>".formatted(escape(name), escape(value))));
    return html(list.append("</dl>").toString());
  }

  /** Opens what is shown on request. */
  Page fold(String summary) {
    return html("<details><summary>%s</summary>".formatted(escape(summary)));
  }

  Page endFold() {
    return html("</details>");
  }

  /**
   * Writes the file, over an old one if there is one.
   *
   * @param name within the storage
   */
  void write(Storage storage, String name) throws IOException {
    byte[] bytes = render().getBytes(StandardCharsets.UTF_8);
    storage.writeAtomically(name, out -> out.write(bytes));
  }

  /** The whole file. */
  String render() {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="%s">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s</main>
        <script type="application/json" id="figures">%s</script>
        %s</body>
        </html>
        """
        .formatted(
            POLICY, escape(title), resource("report.css").orElseThrow(), body, data(), scripts());
  }

  /** Nothing in it can end its element: JSON means the same with every {@code <} written out. */
  private String data() {
    ArrayNode all = JSON.createArrayNode();
    figures.forEach(figure -> figure.write(all.addObject()));
    return all.toString().replace("<", "\\u003c");
  }

  private String scripts() {
    return figures.isEmpty()
        ? ""
        : "<script>%s</script>\n<script>\n%s</script>\n"
            .formatted(resource(ECHARTS).orElseThrow(), resource("report.js").orElseThrow());
  }

  private static Optional<String> resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
