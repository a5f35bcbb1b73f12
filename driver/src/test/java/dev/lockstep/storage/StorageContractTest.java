package dev.lockstep.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every storage promises. */
abstract class StorageContractTest {
  @TempDir Path directory;

  private Storage storage;

  abstract String uri(Path directory);

  @BeforeEach
  void open() {
    storage = Storage.at(new Location(uri(directory)));
  }

  private void write(String name, String text) throws IOException {
    try (OutputStream out = storage.create(name)) {
      out.write(text.getBytes(UTF_8));
    }
  }

  private String read(String name) throws IOException {
    return new String(storage.read(name), UTF_8);
  }

  @Test
  void filesReadBackAsWritten() throws IOException {
    write("a/b/c.txt", "hello");
    write("a/b/c.txt", "bye");
    assertThat(read("a/b/c.txt")).isEqualTo("bye");
    assertThat(storage.length("a/b/c.txt")).isEqualTo(3);
    assertThat(storage.exists("a/b/c.txt")).isTrue();
    assertThat(storage.isDirectory("a/b/c.txt")).isFalse();
    assertThat(storage.isDirectory("a/b")).isTrue();
    assertThat(storage.isDirectory("nowhere")).isFalse();
  }

  @Test
  void theEmptyNameIsTheLocationItself() throws IOException {
    write("f", "x");
    assertThat(storage.list("")).containsExactly("f");
    Storage file = Storage.at(storage.location().resolve("f"));
    assertThat(file.read("")).isEqualTo("x".getBytes(UTF_8));
    assertThat(file.location()).isEqualTo(storage.location().resolve("f"));
  }

  @Test
  void listsAreSorted() throws IOException {
    storage.createDirectories("d/z");
    storage.createDirectories("d/z");
    write("d/b", "");
    write("d/a", "");
    assertThat(storage.list("d")).containsExactly("a", "b", "z");
  }

  @Test
  void whatIsDeletedIsGone() throws IOException {
    write("d/a", "x");
    storage.deleteFile("d/a");
    storage.deleteFile("d/a");
    storage.deleteFile("d");
    assertThat(storage.exists("d")).isFalse();
  }

  @Test
  void atomicWritesReplaceAndLeaveNothingBeside() throws IOException {
    storage.writeAtomically("d/a", out -> out.write(1));
    storage.writeAtomically("d/a", out -> out.write(new byte[] {2, 3}));
    assertThat(storage.read("d/a")).containsExactly(2, 3);
    assertThat(storage.list("d")).containsExactly("a");
  }

  @Test
  void aFailingContentLeavesNoPart() throws IOException {
    storage.createDirectories("d");
    assertThatThrownBy(
            () ->
                storage.writeAtomically(
                    "d/a",
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("out of ink");
                    }))
        .hasMessageContaining("out of ink");
    assertThat(storage.list("d")).isEmpty();
  }

  @Test
  void aFailingContentLeavesTheOldFile() throws IOException {
    storage.writeAtomically("a", out -> out.write(7));
    assertThatThrownBy(
            () ->
                storage.writeAtomically(
                    "a",
                    out -> {
                      out.write(8);
                      throw new IOException("out of ink");
                    }))
        .hasMessage("cannot write %s: out of ink", storage.location().resolve("a"));
    assertThat(storage.read("a")).containsExactly(7);
    assertThat(storage.list("")).containsExactly("a");
  }

  @Test
  void whatIsMissingIsNamed() {
    String place = storage.location().resolve("no").text();
    assertThatThrownBy(() -> storage.read("no"))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read %s: it does not exist", place);
    assertThatThrownBy(() -> storage.length("no"))
        .hasMessage("cannot read %s: it does not exist", place);
    assertThatThrownBy(() -> storage.list("no"))
        .hasMessage("cannot list %s: it does not exist", place);
  }

  @Test
  void whatIsInTheWayIsNamed() throws IOException {
    write("f", "x");
    storage.createDirectories("d/e");
    assertThatThrownBy(() -> storage.list("f")).hasMessageContaining("f: it is no directory");
    assertThatThrownBy(
            () -> {
              try (InputStream in = storage.open("d")) {
                in.read();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read " + storage.location().resolve("d") + ": ");
    assertThatThrownBy(() -> write("f/g", "x"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot write " + storage.location().resolve("f/g") + ": ");
    assertThatThrownBy(() -> storage.deleteFile("d"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot delete " + storage.location().resolve("d") + ": ");
  }
}
