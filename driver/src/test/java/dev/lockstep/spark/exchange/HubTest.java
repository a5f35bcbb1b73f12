package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HubTest {
  private static final long RUN = 7;

  /** Answers a frame with its body. */
  private static final class Echo implements Hub.Desk {
    final AtomicInteger frames = new AtomicInteger();

    @Override
    public void receive(
        String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
      frames.incrementAndGet();
      ByteBuffer copy = ByteBuffer.allocate(body.remaining());
      answer.complete(copy.put(body).flip());
    }

    @Override
    public void disconnected(String peer) {}
  }

  private static ByteBuffer ask(Hub from, Hub to, ByteBuffer frame)
      throws InterruptedException, ExecutionException, TimeoutException {
    return from.send(to.address(), frame.flip()).get(30, TimeUnit.SECONDS);
  }

  private static ByteBuffer frame(Kind kind, long run, String text) {
    ByteBuffer frame = new Frame(kind, run, 0, 0, 0).begin(Frame.sizeOf(text));
    Frame.putText(frame, text);
    return frame;
  }

  @Test
  void bringsFramesToTheDeskOfTheirRunAndKind() throws Exception {
    Hub one = TestHub.open();
    Hub two = TestHub.open();
    Echo ranks = new Echo();
    Echo rendezvous = new Echo();
    two.register(new Hub.DeskKey(RUN, false), ranks);
    two.register(new Hub.DeskKey(RUN, true), rendezvous);
    try {
      ByteBuffer answer = ask(one, two, frame(Kind.SUMS, RUN, "hello"));
      assertThat(Frame.getText(answer.order(ByteOrder.LITTLE_ENDIAN))).isEqualTo("hello");
      ask(one, two, frame(Kind.PARAMETERS, RUN, ""));
      ask(one, two, frame(Kind.JOIN, RUN, ""));
      assertThat(ranks.frames).hasValue(2);
      assertThat(rendezvous.frames).hasValue(1);
    } finally {
      two.unregister(new Hub.DeskKey(RUN, true), rendezvous);
      TestHub.close(List.of(one, two));
    }
  }

  @Test
  void tellsTheSenderWhyAFrameIsRefused() {
    Hub one = TestHub.open();
    Hub two = TestHub.open();
    two.register(new Hub.DeskKey(RUN, false), new Echo());
    try {
      assertThatThrownBy(() -> ask(one, two, frame(Kind.SUMS, 0xabcL, "")))
          .cause()
          .hasMessageContaining("a SUMS frame of run abc, which is unknown here");
      assertThatThrownBy(() -> ask(one, two, frame(Kind.FAILED, RUN, "")))
          .cause()
          .hasMessageContaining("a FAILED frame of run 7, which is unknown here");
      assertThatThrownBy(() -> ask(one, two, ByteBuffer.allocate(3).putShort((short) 1)))
          .cause()
          .hasMessageContaining("a frame of 2 bytes: want at least 25");
    } finally {
      TestHub.close(List.of(one, two));
    }
  }

  @Test
  void executorsOfOneHostTakeTheNextFreePort() throws Exception {
    Hub one = TestHub.open();
    int port = one.address().port();
    Hub two = TestHub.open(new SparkConf(false), "127.0.0.1", port);
    two.register(new Hub.DeskKey(RUN, false), new Echo());
    try {
      assertThat(two.address().port()).isGreaterThan(port).isLessThanOrEqualTo(port + 16);
      ask(one, two, frame(Kind.SUMS, RUN, "hello"));
      SparkConf noRetry = new SparkConf(false).set("spark.port.maxRetries", "0");
      assertThatThrownBy(() -> TestHub.open(noRetry, "127.0.0.1", port))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "cannot listen at 127.0.0.1, port %1$d to %1$d \\(exchange.host, exchange.bind, exchange.port\\): .*"
                  .formatted(port));
    } finally {
      TestHub.close(List.of(one, two));
    }
  }

  @Test
  void aHostThatIsNotThisOneIsNamed() {
    assertThatThrownBy(() -> TestHub.open(new SparkConf(false), "192.0.2.1", 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "cannot listen at 192.0.2.1, port any (exchange.host, exchange.bind, exchange.port): ");
  }

  @Test
  void othersFindItByANameThatIsNotWhereItListens() {
    Hub hub = TestHub.open(new SparkConf(false), new Hub.Listen("192.0.2.1", "127.0.0.1", 0));
    try {
      assertThat(hub.address().host()).isEqualTo("192.0.2.1");
    } finally {
      TestHub.close(List.of(hub));
    }
  }

  @Test
  void framesOfOneJvmTakeNoNetwork() throws Exception {
    Hub hub = TestHub.open();
    Echo desk = new Echo();
    hub.register(new Hub.DeskKey(RUN, false), desk);
    try {
      ByteBuffer frame = frame(Kind.SUMS, RUN, "hello").flip();
      ByteBuffer answer = hub.send(hub.address(), frame).getNow(null);
      assertThat(Frame.getText(answer.order(ByteOrder.LITTLE_ENDIAN))).isEqualTo("hello");
    } finally {
      TestHub.close(List.of(hub));
    }
  }

  @Test
  void aLocalMasterListensOnTheLoopbackInterface() {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[1]")
            .setAppName("hub")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThat(spark.env().blockManager().blockManagerId().host()).isEqualTo("localhost");
      Hub hub = Hub.open(Hub.Listen.ANYWHERE);
      try {
        assertThat(hub.address().host()).isEqualTo("127.0.0.1");
        assertThat(Hub.open(Hub.Listen.ANYWHERE)).isSameAs(hub);
      } finally {
        TestHub.close(List.of(hub));
      }
    }
  }

  /** Between the opening of a hub and the first frame, the last of the other runs may end. */
  @Test
  void whoOpensAHubKeepsItOpen() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[1]")
            .setAppName("hub")
            .set("spark.ui.enabled", "false")
            .set("spark.log.level", "WARN");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThat(spark.isLocal()).isTrue();
      Rendezvous first = new Rendezvous(1, 1, Hub.Listen.ANYWHERE, step -> {});
      Hub held = Hub.open(Hub.Listen.ANYWHERE, new Hub.DeskKey(2, true));
      first.close();
      assertThat(Hub.open(Hub.Listen.ANYWHERE)).isSameAs(held);
      Rendezvous second = new Rendezvous(2, 1, Hub.Listen.ANYWHERE, step -> {});
      assertThat(second.address()).isEqualTo(held.address());
      second.close();
      assertThat(Hub.open(Hub.Listen.ANYWHERE)).isNotSameAs(held);
    }
  }
}
