package dev.lockstep.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Small files of CIFAR-10's binary format. */
final class TinyCifar10 {
  static final int RECORD = 3073;

  private TinyCifar10() {}

  /** A record for each label, whose pixel p is (label + p) mod 251. */
  static byte[] records(int... labels) {
    byte[] file = new byte[labels.length * RECORD];
    for (int r = 0; r < labels.length; r++) {
      file[r * RECORD] = (byte) labels[r];
      for (int p = 0; p < RECORD - 1; p++) {
        file[r * RECORD + 1 + p] = (byte) ((labels[r] + p) % 251);
      }
    }
    return file;
  }

  /** Files named a.bin, b.bin and so on. */
  static Cifar10Source open(byte[]... files) throws IOException {
    List<ByteSource> sources = new ArrayList<>();
    for (byte[] file : files) {
      sources.add(new StoredBytes((char) ('a' + sources.size()) + ".bin", file));
    }
    return Cifar10Source.open("tiny", sources);
  }
}
