package dev.lockstep.ui;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ui.UIUtils$;
import org.apache.spark.ui.WebUIPage;
import org.apache.spark.util.kvstore.KVStore;
import org.apache.spark.util.kvstore.KVStoreIterator;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The page of the tab: all runs of the application, and one of them in full. */
final class TrainingPage extends WebUIPage {
  private static final String STYLE = resource("training.css");
  private static final String SCRIPT = resource("training.js");

  private final TrainingTab tab;
  private final KVStore store;
  private final boolean isLive;

  TrainingPage(TrainingTab tab, KVStore store, boolean isLive) {
    super("");
    this.tab = tab;
    this.store = store;
    this.isLive = isLive;
  }

  private static String resource(String name) {
    try (InputStream in = TrainingPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runs in a store, the newest first. */
  static List<RunView> runs(KVStore store) {
    List<RunView> runs = new ArrayList<>();
    try (KVStoreIterator<RunView> all = store.view(RunView.class).closeableIterator()) {
      all.forEachRemaining(runs::add);
    } catch (Exception e) {
      throw new IllegalStateException("the status store cannot be read: " + e.getMessage(), e);
    }
    runs.sort(Comparator.comparingInt(RunView::id).reversed());
    return runs;
  }

  @Override
  public Seq<Node> render(HttpServletRequest request) {
    List<RunView> runs = runs(store);
    String html = content(runs, chosen(runs, request.getParameter("run")), isLive);
    return UIUtils$.MODULE$.headerSparkPage(
        request, "Training", new Content(html), tab, Option.empty(), false, false);
  }

  /** The run that is asked for, or the newest. */
  private static Optional<RunView> chosen(List<RunView> runs, String id) {
    return runs.stream()
        .filter(run -> Integer.toString(run.id()).equals(id))
        .findFirst()
        .or(() -> runs.stream().findFirst());
  }

  static String content(List<RunView> runs, Optional<RunView> chosen, boolean isLive) {
    boolean isGoing = isLive && runs.stream().anyMatch(RunView::isRunning);
    StringBuilder out = new StringBuilder();
    out.append("<style>").append(STYLE).append("</style>");
    out.append(Html.format("<div id=\"lockstep\" data-going=\"%s\">", isGoing));
    if (runs.isEmpty()) {
      out.append("<p>Nothing is trained yet.</p>");
    }
    chosen.ifPresent(run -> out.append(new RunSection(run, isLive).render()));
    if (runs.size() > 1) {
      out.append(RunTable.render(runs, chosen.orElseThrow(), isLive));
    }
    out.append("</div>");
    if (isGoing) {
      out.append("<script>").append(SCRIPT).append("</script>");
    }
    return out.toString();
  }

  /** What Spark asks for when it has drawn the head of the page. */
  private static final class Content extends AbstractFunction0<Seq<Node>> {
    private final String html;

    Content(String html) {
      this.html = html;
    }

    @Override
    public Seq<Node> apply() {
      List<Node> nodes = List.of(new Unparsed(html));
      return CollectionConverters.asScala(nodes).toSeq();
    }
  }
}
