package dev.lockstep.faults;

import dev.lockstep.faults.Sighting.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The faults that were seen, as a table in Markdown. */
final class FaultTable {
  private FaultTable() {}

  /** A row for each kind and engine that was seen; of a fault seen twice, the later time counts. */
  static String of(List<Sighting> all) {
    Map<String, Sighting> latest = new LinkedHashMap<>();
    all.forEach(s -> latest.put(s.plan().seed() + " " + s.plan().index(), s));
    List<Sighting> sightings = List.copyOf(latest.values());
    StringBuilder table = new StringBuilder();
    table.append(
        "| fault | engine | seen | went on | resumed | harmed | median s to recover | slowest |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (FaultKind kind : FaultKind.values()) {
      for (String engine : List.of("allreduce", "tree")) {
        List<Sighting> some =
            sightings.stream()
                .filter(s -> s.plan().kind() == kind && s.plan().engine().equals(engine))
                .toList();
        if (!some.isEmpty()) {
          table.append(row(kind.words() + " | " + engine, some));
        }
      }
    }
    table.append(row("**all** | ", sightings));
    return table.toString();
  }

  private static String row(String head, List<Sighting> some) {
    List<Double> recoveries = new ArrayList<>();
    some.forEach(s -> s.recovery().ifPresent(recoveries::add));
    recoveries.sort(null);
    int count = recoveries.size();
    String median = count == 0 ? "" : seconds(recoveries.get((count - 1) / 2));
    String slowest = count == 0 ? "" : seconds(recoveries.get(count - 1));
    return "| %s | %d | %d | %d | %d | %s | %s |%n"
        .formatted(
            head,
            some.size(),
            count(some, Outcome.WENT_ON),
            count(some, Outcome.RESUMED),
            count(some, Outcome.HARMED),
            median,
            slowest);
  }

  private static long count(List<Sighting> some, Outcome outcome) {
    return some.stream().filter(s -> s.outcome() == outcome).count();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }
}
