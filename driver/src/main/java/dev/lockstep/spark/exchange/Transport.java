package dev.lockstep.spark.exchange;

import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.protocol.Message;
import org.apache.spark.network.server.AbstractAuthRpcHandler;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.network.util.TransportFrameDecoder;
import scala.Option;

/**
 * Spark's own transport, and the only class that touches it: internal API, public in bytecode. One
 * server and the clients of a JVM; with {@code spark.authenticate} a peer without the secret is
 * refused before a frame is seen, and {@code spark.network.crypto.*} and {@code spark.ssl.rpc.*}
 * encrypt. Where encryption is on, nobody is taken in clear, whatever {@code saslFallback} says.
 */
final class Transport implements AutoCloseable {
  /** Takes frames from peers. */
  interface Receiver {
    /**
     * Takes a frame and completes the answer, now or later.
     *
     * @param peer the connection it came by
     * @param frame valid during the call only
     */
    void receive(String peer, ByteBuffer frame, CompletableFuture<ByteBuffer> answer);

    /** A connection that a peer had opened is gone. */
    void disconnected(String peer);

    /** Bytes of the largest frame that may come now. */
    long largestFrame();
  }

  private static final String MAX_RETRIES = "spark.port.maxRetries";
  private static final String SASL_FALLBACK = "spark.network.crypto.saslFallback";
  private static final int LAST = 65535;

  /** What Spark may put before a frame, and its own messages of authentication: far below this. */
  private static final int OVERHEAD = 1 << 16;

  /** The most bytes of an answer; the largest says where each of some 10,000 ranks is. */
  private static final int LARGEST_ANSWER = 1 << 22;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TransportContext context;
  private final TransportServer server;
  private final TransportClientFactory clients;
  private final Map<Address, TransportClient> connected = new ConcurrentHashMap<>();
  private final Address address;

  Transport(SparkConf conf, SecurityManager security, Hub.Listen listen, Receiver receiver) {
    TransportConf transportConf =
        SparkTransportConf.fromSparkConf(
            conf.clone().set(SASL_FALLBACK, "false"),
            "lockstep",
            1,
            Option.empty(),
            security.isSslRpcEnabled()
                ? Option.apply(security.getRpcSSLOptions())
                : Option.empty());
    List<TransportServerBootstrap> serverBootstraps = new ArrayList<>();
    List<TransportClientBootstrap> clientBootstraps = new ArrayList<>();
    clientBootstraps.add(Transport::limitAnswers);
    if (security.isAuthenticationEnabled()) {
      serverBootstraps.add(new AuthServerBootstrap(transportConf, security));
      clientBootstraps.add(
          new AuthClientBootstrap(transportConf, security.getSaslUser(), security));
    }
    serverBootstraps.add((channel, handler) -> limitRequests(channel, handler, receiver));
    context = new TransportContext(transportConf, new Handler(receiver));
    server = listen(listen, conf.getInt(MAX_RETRIES, 16), serverBootstraps);
    clients = context.createClientFactory(clientBootstraps);
    address = new Address(listen.host(), server.getPort());
  }

  /** What Spark adds to the pipeline for decryption goes before, its frame decoder behind. */
  private static RpcHandler limitRequests(Channel channel, RpcHandler handler, Receiver receiver) {
    BooleanSupplier isTrusted =
        handler instanceof AbstractAuthRpcHandler guard ? guard::isAuthenticated : () -> true;
    channel
        .pipeline()
        .addLast(
            new FrameLimit(
                Set.of(Message.Type.RpcRequest.id()),
                () -> OVERHEAD + (isTrusted.getAsBoolean() ? receiver.largestFrame() : 0)));
    return handler;
  }

  private static void limitAnswers(TransportClient client, Channel channel) {
    Set<Byte> answers = Set.of(Message.Type.RpcResponse.id(), Message.Type.RpcFailure.id());
    channel
        .pipeline()
        .addBefore(
            TransportFrameDecoder.HANDLER_NAME,
            FrameLimit.class.getSimpleName(),
            new FrameLimit(answers, () -> LARGEST_ANSWER));
  }

  /** At a fixed port or one of the next, as Spark does: executors of one host each need one. */
  private TransportServer listen(
      Hub.Listen listen, int retries, List<TransportServerBootstrap> bootstraps) {
    String host = listen.bind().isEmpty() ? listen.host() : listen.bind();
    int port = listen.port();
    for (int next = port; ; next++) {
      try {
        return context.createServer(host, next, bootstraps);
      } catch (Exception e) { // Netty throws IOException without declaring it.
        boolean isTaken = String.valueOf(e.getMessage()).contains("Address already in use");
        if (!isTaken || port == 0 || next == Math.min(port + retries, LAST)) {
          context.close();
          throw new IllegalStateException(
              "cannot listen at %s, port %s (exchange.host, exchange.bind, exchange.port): %s"
                  .formatted(
                      host,
                      port == 0 ? "any" : port + " to " + next,
                      String.valueOf(e.getMessage())),
              e);
        }
      }
    }
  }

  /** Where this JVM listens. */
  Address address() {
    return address;
  }

  /** Sends a frame; the answer, or what went wrong. */
  CompletableFuture<ByteBuffer> send(Address to, ByteBuffer frame) {
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    try {
      client(to).sendRpc(frame, new Callback(answer));
    } catch (IOException | InterruptedException | RuntimeException e) { // A refused secret is one.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private TransportClient client(Address to) throws IOException, InterruptedException {
    TransportClient client = connected.get(to);
    if (client == null || !client.isActive()) {
      client = clients.createClient(to.host(), to.port());
      connected.put(to, client);
    }
    return client;
  }

  @Override
  public void close() {
    clients.close();
    server.close();
    context.close();
  }

  private static final class Handler extends RpcHandler {
    private final Receiver receiver;
    private final StreamManager streams = new OneForOneStreamManager();

    Handler(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
      CompletableFuture<ByteBuffer> unused =
          answer.whenComplete(
              (bytes, error) -> {
                if (error != null) {
                  callback.onFailure(error);
                } else {
                  callback.onSuccess(bytes == null ? NOTHING.duplicate() : bytes);
                }
              });
      receiver.receive(String.valueOf(client.getSocketAddress()), message, answer);
    }

    @Override
    public StreamManager getStreamManager() {
      return streams;
    }

    @Override
    public void channelInactive(TransportClient client) {
      receiver.disconnected(String.valueOf(client.getSocketAddress()));
    }
  }

  /** The answer's bytes are valid during the call only, so they are copied. */
  private record Callback(CompletableFuture<ByteBuffer> answer) implements RpcResponseCallback {
    @Override
    public void onSuccess(ByteBuffer response) {
      ByteBuffer copy = ByteBuffer.allocate(response.remaining());
      copy.put(response).flip();
      answer.complete(copy);
    }

    @Override
    public void onFailure(Throwable e) {
      answer.completeExceptionally(e);
    }
  }
}
