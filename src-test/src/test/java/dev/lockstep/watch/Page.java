package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of the Training tab, as HTML.
 *
 * @param html the whole of it
 */
record Page(String html) {
  /** What a tile shows, in full. */
  double figure(String id) {
    Matcher tile =
        Pattern.compile("id=\"" + id + "\"><span>[^<]*</span><b><data value=\"([^\"]*)\">")
            .matcher(html);
    assertThat(tile.find()).as("a tile %s on %s", id, html).isTrue();
    return Double.parseDouble(tile.group(1));
  }

  boolean has(String id) {
    return html.contains("id=\"" + id + "\"");
  }

  /** The step that the run has come to. */
  long step() {
    Matcher step = Pattern.compile("<data id=\"step\" value=\"(\\d+)\">").matcher(html);
    return step.find() ? Long.parseLong(step.group(1)) : 0;
  }

  String status() {
    Matcher status = Pattern.compile("id=\"run-status\">([^<]*)<").matcher(html);
    return status.find() ? status.group(1) : "";
  }

  /** How many charts are drawn. */
  int charts() {
    return html.split("<svg ", -1).length - 1;
  }
}
