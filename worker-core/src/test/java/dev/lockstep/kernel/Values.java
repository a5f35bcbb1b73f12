package dev.lockstep.kernel;

import java.util.SplittableRandom;

/** Kinds of numbers that kernels are tried with. */
enum Values {
  /** In [-1, 1). */
  ORDINARY {
    @Override
    float draw(SplittableRandom random) {
      return random.nextFloat(-1f, 1f);
    }
  },
  /** Signed zeros, subnormals, and numbers whose products underflow. */
  TINY {
    @Override
    float draw(SplittableRandom random) {
      return switch (random.nextInt(5)) {
        case 0 -> random.nextBoolean() ? 0f : -0f;
        case 1 -> random.nextInt(-9, 10) * Float.MIN_VALUE;
        case 2 -> random.nextFloat(-1f, 1f) * Float.MIN_NORMAL;
        case 3 -> random.nextFloat(-1f, 1f) * 0x1p-70f;
        default -> random.nextFloat(-1f, 1f);
      };
    }
  },
  /** Now and then an infinity, a NaN or a number whose square overflows. */
  WILD {
    private static final float[] EXTREMES = {
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      0x1p64f,
      -0x1p100f,
      -0f
    };

    @Override
    float draw(SplittableRandom random) {
      return random.nextInt(40) == 0
          ? EXTREMES[random.nextInt(EXTREMES.length)]
          : random.nextFloat(-1f, 1f);
    }
  };

  abstract float draw(SplittableRandom random);

  /** So many numbers. */
  float[] array(int length, SplittableRandom random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = draw(random);
    }
    return values;
  }

  /** A matrix at an odd place in a larger array, all of which is filled. */
  Panels matrix(int rows, int columns, SplittableRandom random) {
    int offset = random.nextInt(1, 40);
    int size = (int) Panels.size(rows, columns);
    return new Panels(array(offset + size + 5, random), offset, rows, columns);
  }
}
