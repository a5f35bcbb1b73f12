package dev.lockstep.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a daemon of Spark says of itself. */
record DaemonLog(Path path) {
  private static final Pattern REASON =
      Pattern.compile(
          "(?m)^(?:Caused by: |Exception in thread \"main\" )?(\\S*(?:Exception|Error)\\b.*)$");
  private static final Pattern COMPLAINT = Pattern.compile("(?m)^\\S+ \\S+ ERROR (.*)$");

  /** The first group of the first match. */
  Optional<String> find(Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(text());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The first thing that went wrong, as the log has it. */
  String reason() throws IOException {
    Optional<String> exception = find(REASON);
    if (exception.isPresent()) {
      return exception.get();
    }
    return find(COMPLAINT).orElse("no reason is given");
  }

  private String text() throws IOException {
    return Files.exists(path) ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8) : "";
  }
}
