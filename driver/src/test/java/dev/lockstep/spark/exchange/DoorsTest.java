package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.spark.exchange.Frame.Kind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who and what gets in at the exchange, and what others see of it. */
@Timeout(60)
final class DoorsTest {
  private static final long RUN = 7;
  private static final int REQUEST = 3;
  private static final int FLOATS = 1000;
  private static final int HEAD = Long.BYTES + 1 + Long.BYTES + Integer.BYTES;

  @TempDir private static Path directory;
  private static KeyStore keyStore;

  private final List<Hub> hubs = new ArrayList<>();

  /** Takes everything. */
  private static final class Sink implements Hub.Desk {
    final AtomicInteger frames = new AtomicInteger();

    @Override
    public void receive(
        String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
      frames.incrementAndGet();
      answer.complete(null);
    }

    @Override
    public void disconnected(String peer) {}
  }

  @BeforeAll
  static void makeKeys() throws IOException, InterruptedException {
    keyStore = KeyStore.make(directory);
  }

  @AfterEach
  void close() {
    TestHub.close(hubs);
  }

  /** How a cluster can be set up. */
  private enum Setup {
    OPEN(true),
    AUTHENTICATED(true),
    ENCRYPTED(false),
    TLS(false),
    TLS_AUTHENTICATED(false),
    TLS_ENCRYPTED(false);

    final boolean isClear;

    Setup(boolean isClear) {
      this.isClear = isClear;
    }

    boolean authenticates() {
      return this != OPEN && this != TLS;
    }

    SparkConf conf(String secret) {
      SparkConf conf = new SparkConf(false);
      if (authenticates()) {
        conf.set("spark.authenticate", "true").set("spark.authenticate.secret", secret);
      }
      if (this == ENCRYPTED || this == TLS_ENCRYPTED) {
        conf.set("spark.network.crypto.enabled", "true");
      }
      if (name().startsWith(TLS.name())) {
        keyStore.settings().forEach(conf::set);
      }
      return conf;
    }
  }

  private Hub open(SparkConf conf) {
    Hub hub = TestHub.open(conf);
    hubs.add(hub);
    return hub;
  }

  private Sink desk(Hub hub) {
    Sink desk = new Sink();
    hub.expect(Frame.SIZE + (long) FLOATS * Float.BYTES);
    hub.register(new Hub.DeskKey(RUN, false), desk);
    return desk;
  }

  private static ByteBuffer frame(byte[] body) {
    return new Frame(Kind.SUMS, RUN, 0, 0, 0).begin(body.length).put(body).flip();
  }

  private static void send(Hub from, Address to, byte[] body)
      throws InterruptedException, ExecutionException, TimeoutException {
    ByteBuffer unused = from.send(to, frame(body)).get(20, TimeUnit.SECONDS);
  }

  /** Floats that nobody would send by chance. */
  private static byte[] gradient() {
    SplittableRandom random = new SplittableRandom(1);
    ByteBuffer floats = ByteBuffer.allocate(FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      floats.putFloat(random.nextFloat(-1, 1));
    }
    return floats.array();
  }

  @ParameterizedTest
  @EnumSource
  void gradientsTravelInClearOnlyWithoutEncryption(Setup setup) throws Exception {
    Hub server = open(setup.conf("secret"));
    Sink desk = desk(server);
    byte[] gradient = gradient();
    try (Wiretap wire = new Wiretap(server.address())) {
      Hub client = open(setup.conf("secret"));
      for (int i = 1; i <= 3; i++) {
        send(client, wire.address(), gradient);
        assertThat(desk.frames).hasValue(i);
      }
      assertThat(wire.bytesSeen()).isGreaterThan(3 * gradient.length);
      byte[] some = Arrays.copyOfRange(gradient, 400, 464);
      assertThat(wire.hasSeen(some)).isEqualTo(setup.isClear);
    }
  }

  static Stream<Setup> setups() {
    return Stream.of(Setup.values()).filter(Setup::authenticates);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void nobodyWithoutTheSecretReachesADesk(Setup setup) throws Exception {
    Hub server = open(setup.conf("right"));
    Sink desk = desk(server);
    send(open(setup.conf("right")), server.address(), new byte[4]);
    assertThat(desk.frames).hasValue(1);
    SparkConf noSecret = setup.conf("right").set("spark.authenticate", "false");
    noSecret.set("spark.network.crypto.enabled", "false");
    for (SparkConf outsider : List.of(setup.conf("wrong"), noSecret, new SparkConf(false))) {
      assertThatThrownBy(() -> send(open(outsider), server.address(), new byte[4]))
          .isInstanceOf(ExecutionException.class);
    }
    assertThat(desk.frames).hasValue(1);
  }

  /** Spark's own default would take a client that has the secret and no encryption. */
  @Test
  void nobodyComesInClearWhereEncryptionIsOn() {
    SparkConf encrypted = Setup.ENCRYPTED.conf("right");
    Hub server = open(encrypted.set("spark.network.crypto.saslFallback", "true"));
    Sink desk = desk(server);
    SparkConf clear = Setup.AUTHENTICATED.conf("right");
    assertThatThrownBy(() -> send(open(clear), server.address(), new byte[4]))
        .isInstanceOf(ExecutionException.class);
    assertThat(desk.frames).hasValue(0);
  }

  @Test
  void aStrangersTlsIsRefused(@TempDir Path elsewhere) throws Exception {
    Hub server = open(Setup.TLS.conf(""));
    Sink desk = desk(server);
    SparkConf stranger = new SparkConf(false);
    KeyStore.make(elsewhere).settings().forEach(stranger::set);
    assertThatThrownBy(() -> send(open(stranger), server.address(), new byte[4]))
        .isInstanceOf(ExecutionException.class);
    assertThat(desk.frames).hasValue(0);
  }

  @Test
  void listensAtItsOwnAddressAlone() throws IOException {
    int port = open(new SparkConf(false)).address().port();
    new Socket(InetAddress.getLoopbackAddress(), port).close();
    assertThatThrownBy(() -> new Socket("127.0.0.2", port)).isInstanceOf(ConnectException.class);
  }

  /** A request as Spark writes it, whose declared length may be another than its own. */
  private static byte[] request(int kind, long declared, byte[] frame) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(declared);
    out.writeByte(kind);
    out.writeLong(1);
    out.writeInt(frame.length);
    out.write(frame);
    return bytes.toByteArray();
  }

  private static byte[] bytes(int body) {
    ByteBuffer frame = frame(new byte[body]);
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  /** Whether a server closes the connection after these bytes, rather than answer. */
  private static boolean isTurnedAway(Hub server, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, 0, 1 << 20, Integer.MAX_VALUE, 1L << 40})
  void aLengthThatNoFrameHasEndsTheConnectionBeforeTheFrameComes(long declared) throws IOException {
    Hub server = open(new SparkConf(false));
    Sink desk = desk(server);
    byte[] whole = request(REQUEST, HEAD + bytes(4).length, bytes(4));
    assertThat(isTurnedAway(server, whole)).isFalse();
    assertThat(isTurnedAway(server, request(REQUEST, declared, bytes(4)))).isTrue();
    assertThat(desk.frames).hasValue(1);
  }

  @Test
  void theLimitIsThatOfTheRun() throws IOException {
    int overhead = 1 << 16;
    int large = 1 << 20;
    Hub server = open(new SparkConf(false));
    Sink desk = desk(server);
    byte[] frame = bytes(large);
    byte[] request = request(REQUEST, HEAD + frame.length, frame);
    assertThat(isTurnedAway(server, request)).isTrue();
    server.expect(frame.length - overhead);
    assertThat(isTurnedAway(server, request)).isTrue();
    assertThat(desk.frames).hasValue(0);
    server.expect(frame.length);
    assertThat(isTurnedAway(server, request)).isFalse();
    assertThat(desk.frames).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void aStrangersMessagesAreSmall(Setup setup) throws Exception {
    Hub server = open(setup.conf("right"));
    Sink desk = desk(server);
    int large = 1 << 20;
    server.expect(2L * large);
    send(open(setup.conf("right")), server.address(), new byte[large]);
    assertThat(isTurnedAway(server, request(REQUEST, large, bytes(4)))).isTrue();
    assertThat(desk.frames).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 6, 9, 10, 11, 99})
  void onlyRequestsGetIn(int kind) throws IOException {
    Hub server = open(new SparkConf(false));
    Sink desk = desk(server);
    assertThat(isTurnedAway(server, request(kind, HEAD + bytes(4).length, bytes(4)))).isTrue();
    assertThat(desk.frames).hasValue(0);
  }

  @Test
  void anAnswerThatIsTooLargeEndsTheConnection() throws Exception {
    Hub client = open(new SparkConf(false));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Address address = new Address("127.0.0.1", server.getLocalPort());
      CompletableFuture<ByteBuffer> answer = client.send(address, frame(new byte[4]));
      try (Socket socket = server.accept()) {
        new DataOutputStream(socket.getOutputStream()).writeLong(1 << 30);
        assertThat(answer)
            .failsWithin(20, TimeUnit.SECONDS)
            .withThrowableOfType(ExecutionException.class)
            .withMessageContaining("closed");
        assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
      }
    }
  }

  /** Once this fails, Spark has been mended, and the refusal of the cipher can go. */
  @Test
  void sparksGcmLosesTheSecondMessage() throws Exception {
    SparkConf conf =
        Setup.ENCRYPTED.conf("secret").set("spark.network.crypto.cipher", "AES/GCM/NoPadding");
    Hub server = open(conf);
    Sink desk = desk(server);
    Hub client = open(conf);
    CompletableFuture<ByteBuffer> first = client.send(server.address(), frame(new byte[4]));
    assertThat(first).succeedsWithin(20, TimeUnit.SECONDS);
    CompletableFuture<ByteBuffer> second = client.send(server.address(), frame(new byte[4]));
    assertThatThrownBy(() -> second.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    assertThat(desk.frames).hasValue(1);
  }
}
