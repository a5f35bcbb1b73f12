package dev.lockstep.data;

/** The two files of an IDX data set; magic numbers are 0x000008dd for uint8 in dd dimensions. */
enum IdxKind {
  IMAGES("images", 2, 4, "0x00000803 (or 0x00000802, 0x00000804)"),
  LABELS("labels", 1, 1, "0x00000801");

  private static final int UINT8 = 0x0800;

  private final String items;
  private final int minDimensions;
  private final int maxDimensions;
  private final String magics;

  IdxKind(String items, int minDimensions, int maxDimensions, String magics) {
    this.items = items;
    this.minDimensions = minDimensions;
    this.maxDimensions = maxDimensions;
    this.magics = magics;
  }

  /** What such a file holds, in the plural. */
  String items() {
    return items;
  }

  /** The magic number of a file with so many dimensions, the count included. */
  static int magic(int dimensions) {
    return UINT8 | dimensions;
  }

  /**
   * How many dimensions a magic number declares, the count included.
   *
   * @throws DataException if no file of this kind begins so
   */
  int dimensionsOf(int magic, String name) {
    int dimensions = magic & 0xFF;
    if ((magic & ~0xFF) != UINT8 || dimensions < minDimensions || dimensions > maxDimensions) {
      throw new DataException(
          "%s begins with 0x%08x%s; want the magic number of IDX %s, %s"
              .formatted(name, magic, meaning(magic), items, magics));
    }
    return dimensions;
  }

  private static String meaning(int magic) {
    int dimensions = magic & 0xFF;
    return switch (magic >>> 8) {
      case UINT8 >>> 8 ->
          dimensions == 1
              ? ", the magic number of IDX labels"
              : ", IDX bytes in %d dimensions".formatted(dimensions);
      case 0x09 -> ", IDX of signed bytes";
      case 0x0B -> ", IDX of 16-bit integers";
      case 0x0C -> ", IDX of 32-bit integers";
      case 0x0D -> ", IDX of 32-bit floats";
      case 0x0E -> ", IDX of 64-bit floats";
      default -> ", which is no IDX file";
    };
  }
}
