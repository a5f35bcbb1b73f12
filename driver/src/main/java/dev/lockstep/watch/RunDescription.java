package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What is known of a run before its first step.
 *
 * @param name where it is or what it is of, for people
 * @param engine the engine's name
 * @param ranks N
 * @param shards V
 * @param kernel name of the arithmetic
 * @param seed of all its randomness
 * @param examples of the training set
 * @param batchSize examples of a step
 * @param parameters numbers that it learns
 * @param inputs features of an example
 * @param layers of the network, in the words of its configuration
 * @param loss the name of the loss
 * @param optimizer the name of the optimiser
 * @param learningRate what its schedule starts from
 * @param firstStep steps that were done before this process took the run over
 * @param steps after which it ends, unless it stops early
 * @param epochs that the steps come to, a part of one counted as one
 * @param version of Lockstep
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunDescription(
    String name,
    String engine,
    int ranks,
    int shards,
    String kernel,
    long seed,
    long examples,
    int batchSize,
    long parameters,
    int inputs,
    List<String> layers,
    String loss,
    String optimizer,
    double learningRate,
    long firstStep,
    long steps,
    long epochs,
    String version) {
  /** Every key may be missing in what another version has written. */
  public RunDescription {
    name = Absent.text(name);
    engine = Absent.text(engine);
    kernel = Absent.text(kernel);
    layers = Absent.list(layers);
    loss = Absent.text(loss);
    optimizer = Absent.text(optimizer);
    version = Absent.text(version);
  }
}
