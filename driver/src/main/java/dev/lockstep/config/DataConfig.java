package dev.lockstep.config;

import dev.lockstep.data.Normalizer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The training data.
 *
 * @param uri where it is
 * @param shuffled false for the order of the files
 * @param normalize what is made of the bytes of an example
 * @param columns which columns of a table are read
 * @param memoryLimit bytes of examples that a rank may keep in its heap; empty for all
 * @param mirrors where a data set by name may be fetched, in the order to try
 */
public record DataConfig(
    String uri,
    boolean shuffled,
    Normalizer normalize,
    ColumnsConfig columns,
    OptionalLong memoryLimit,
    Map<String, List<String>> mirrors) {
  /** The data sets that can be fetched. */
  public static final List<String> FETCHABLE = List.of("mnist", "fashion-mnist");

  private static final String SEEDED = "seeded";
  private static final String NONE = "none";

  public DataConfig {
    Checks checks = new Checks();
    checks.check(
        !uri.isBlank(),
        "data.uri",
        "\"\"",
        "want a directory, a table such as train.parquet, or synthetic:digits?n=60000&seed=1");
    Map<String, List<String>> copy = new LinkedHashMap<>();
    for (String set : FETCHABLE) {
      List<String> urls = List.copyOf(mirrors.getOrDefault(set, List.of()));
      for (String url : urls) {
        checks.check(
            isMirror(url), "data.mirrors." + set, url, "want http: or https: URLs that end in /");
      }
      copy.put(set, urls);
    }
    mirrors = copy;
    checks.done();
  }

  private static boolean isMirror(String url) {
    try {
      URI uri = new URI(url);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return isHttp && uri.getHost() != null && url.endsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static DataConfig read(Values values) {
    String shuffle = values.text("data.shuffle");
    Checks checks = new Checks();
    checks.oneOf("data.shuffle", shuffle, List.of(SEEDED, NONE));
    String normalize = values.text("data.normalize");
    checks.oneOf("data.normalize", normalize, Normalizer.names());
    checks.done();
    Map<String, List<String>> mirrors = new LinkedHashMap<>();
    for (String set : FETCHABLE) {
      mirrors.put(set, values.texts("data.mirrors." + set));
    }
    return new DataConfig(
        values.text("data.uri").strip(),
        shuffle.equals(SEEDED),
        Normalizer.named(normalize),
        ColumnsConfig.read(values),
        values.bytesOr("data.memory-limit", NONE),
        mirrors);
  }

  void write(Entries entries) {
    entries.put("data.uri", uri);
    entries.put("data.shuffle", shuffled ? SEEDED : NONE);
    entries.put("data.normalize", normalize.configName());
    columns.write(entries);
    entries.put("data.memory-limit", memoryLimit, NONE);
    mirrors.forEach((set, urls) -> entries.put("data.mirrors." + set, urls));
  }
}
