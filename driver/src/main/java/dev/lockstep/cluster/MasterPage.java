package dev.lockstep.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;

/** The page of a master that tells its state to programs. */
record MasterPage(String host, String port) {
  private static final int TIMEOUT_MILLIS = 5_000;

  /** How many workers have registered and are alive; 0 where the page does not answer. */
  int aliveWorkers() {
    try {
      return countAlive();
    } catch (IOException e) {
      return 0;
    }
  }

  private int countAlive() throws IOException {
    URLConnection connection =
        URI.create("http://%s:%s/json/".formatted(host, port))
            .toURL()
            .openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      int alive = 0;
      for (JsonNode worker : new ObjectMapper().readTree(in).path("workers")) {
        alive += worker.path("state").asText().equals("ALIVE") ? 1 : 0;
      }
      return alive;
    }
  }
}
