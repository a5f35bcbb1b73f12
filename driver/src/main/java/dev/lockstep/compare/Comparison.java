package dev.lockstep.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.config.RunConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What differs between runs in words and figures: a row a key, a value a run.
 *
 * @param runs at least one
 */
public record Comparison(List<RunRecord> runs) {
  private static final String NONE = "-";

  /** What a summary says of a machine rather than of a result, and what stands elsewhere. */
  private static final Set<String> LEFT_OUT = Set.of("driver", "data_fingerprint", "kept");

  public Comparison {
    runs = List.copyOf(runs);
  }

  /** The keys of the configuration that determine the result and are not the same in all runs. */
  public Map<String, List<String>> settings() {
    return differing(RunConfig::resultEntries);
  }

  /** The other keys that are not the same in all runs. */
  public Map<String, List<String>> withoutEffect() {
    Map<String, List<String>> all = new LinkedHashMap<>(differing(RunConfig::entries));
    all.keySet().removeAll(runs.get(0).config().resultEntries().keySet());
    return all;
  }

  private Map<String, List<String>> differing(Function<RunConfig, Map<String, String>> entries) {
    List<Map<String, String>> all = runs.stream().map(r -> entries.apply(r.config())).toList();
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String key : keys(all.stream().map(Map::keySet).toList())) {
      List<String> row = all.stream().map(each -> each.getOrDefault(key, NONE)).toList();
      if (row.stream().distinct().count() > 1) {
        rows.put(key, row);
      }
    }
    return rows;
  }

  /** Whether all were trained on the same data. */
  public boolean isSameData() {
    return runs.stream().map(r -> r.summary().path("data_fingerprint")).distinct().count() == 1;
  }

  /** What the summaries say. */
  public Map<String, List<String>> figures() {
    List<Set<String>> names = new ArrayList<>();
    for (RunRecord run : runs) {
      Set<String> own = new LinkedHashSet<>();
      run.summary()
          .properties()
          .forEach(
              field -> {
                if (field.getValue().isValueNode()) {
                  own.add(field.getKey());
                }
              });
      names.add(own);
    }
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String key : keys(names)) {
      if (!LEFT_OUT.contains(key)) {
        rows.put(key, runs.stream().map(run -> show(run.summary().path(key))).toList());
      }
    }
    return rows;
  }

  private static Set<String> keys(Collection<Set<String>> sets) {
    Set<String> keys = new LinkedHashSet<>();
    sets.forEach(keys::addAll);
    return keys;
  }

  private static String show(JsonNode value) {
    return value.isMissingNode() ? NONE : value.asText();
  }
}
