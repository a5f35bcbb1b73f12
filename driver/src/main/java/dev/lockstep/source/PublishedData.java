package dev.lockstep.source;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.DataConfig;
import java.util.List;

/**
 * A data set that others publish.
 *
 * @param name what users call it
 * @param files what it consists of
 */
public record PublishedData(String name, List<File> files) {
  private static final List<PublishedData> ALL =
      List.of(
          idx(
              "mnist",
              "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
              "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
              "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
              "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
          idx(
              "fashion-mnist",
              "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
              "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
              "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
              "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

  public PublishedData {
    files = List.copyOf(files);
  }

  /**
   * The data set of a name out of {@link DataConfig#FETCHABLE}.
   *
   * @throws ConfigException naming the known ones
   */
  public static PublishedData named(String name) {
    return ALL.stream()
        .filter(data -> data.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no data set \"%s\" to fetch: want one of %s"
                        .formatted(name, String.join(", ", DataConfig.FETCHABLE))));
  }

  private static PublishedData idx(
      String name, String trainImages, String trainLabels, String testImages, String testLabels) {
    return new PublishedData(
        name,
        List.of(
            new File("train-images-idx3-ubyte.gz", trainImages),
            new File("train-labels-idx1-ubyte.gz", trainLabels),
            new File("t10k-images-idx3-ubyte.gz", testImages),
            new File("t10k-labels-idx1-ubyte.gz", testLabels)));
  }

  /**
   * One file.
   *
   * @param name below a mirror, and at the destination
   * @param sha256 of its bytes as published, in hexadecimal
   */
  public record File(String name, String sha256) {}
}
