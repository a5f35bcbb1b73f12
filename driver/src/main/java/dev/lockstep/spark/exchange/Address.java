package dev.lockstep.spark.exchange;

import java.io.Serializable;

/**
 * Where a JVM listens for frames; two ranks of one JVM have the same.
 *
 * @param host name or address
 * @param port TCP port
 */
public record Address(String host, int port) implements Serializable {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
