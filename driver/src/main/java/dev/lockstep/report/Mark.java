package dev.lockstep.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A vertical line across a figure.
 *
 * @param name what it is
 * @param x where it stands
 */
record Mark(String name, double x) {
  void write(ObjectNode json) {
    json.put("name", name);
    json.put("x", x);
  }
}
