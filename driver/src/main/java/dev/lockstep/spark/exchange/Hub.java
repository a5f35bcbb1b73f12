package dev.lockstep.spark.exchange;

import java.io.Serializable;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one door of a JVM for frames: a server that stays up between rounds, and those who take
 * frames behind it. Driver and executors have one each; in local mode they share it.
 */
public final class Hub implements Transport.Receiver {
  /** Takes the frames of one run that have its kind. */
  interface Desk {
    /** Takes a frame whose head has been read, from a connection. */
    void receive(String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer);

    /** A connection is gone. */
    void disconnected(String peer);
  }

  /** What a desk is for. */
  record DeskKey(long run, boolean isRendezvous) {}

  /**
   * Where a hub listens.
   *
   * @param host the name or address for others; empty for the one that Spark uses
   * @param bind the address to listen at; empty for that of {@code host}
   * @param port TCP port, 0 for any
   */
  public record Listen(String host, String bind, int port) implements Serializable {
    /** Where Spark does, at any port. */
    public static final Listen ANYWHERE = new Listen("", "", 0);
  }

  /** In the place of a connection. */
  private static final String HERE = "this JVM";

  private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

  /** Masters with which no other JVM takes part. */
  private static final String LOCAL = "local(\\[.*])?";

  private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

  /** Holds a place. */
  private static final Desk NOBODY =
      new Desk() {
        @Override
        public void receive(
            String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
          throw new IllegalStateException("run %x has not begun".formatted(head.run()));
        }

        @Override
        public void disconnected(String peer) {}
      };

  private static Hub current;
  private static SparkEnv currentEnv;

  private final Transport transport;
  private final Map<DeskKey, Desk> desks = new ConcurrentHashMap<>();
  private final AtomicLong largestFrame = new AtomicLong();

  /** A hub beside that of the JVM, until {@link #close}; {@link #open} gives the JVM's own. */
  Hub(SparkConf conf, SecurityManager security, Listen listen) {
    this.transport = new Transport(conf, security, listen, this);
  }

  /** The hub of this JVM, opened when first asked for. */
  static synchronized Hub open(Listen listen) {
    SparkEnv env = SparkEnv.get();
    if (current != null && currentEnv != env) {
      current.transport.close();
      current = null;
    }
    if (current == null) {
      boolean isAlone = env.conf().get("spark.master", "").matches(LOCAL);
      String own = isAlone ? LOOPBACK : env.blockManager().blockManagerId().host();
      String host = listen.host().isEmpty() ? own : listen.host();
      current =
          new Hub(
              env.conf(), env.securityManager(), new Listen(host, listen.bind(), listen.port()));
      currentEnv = env;
      if (!isAlone && !env.securityManager().isAuthenticationEnabled()) {
        LOG.warn(
            "the exchange at {} is open to all who can reach it, since spark.authenticate is not true (docs/security.md)",
            current.address());
      }
    }
    return current;
  }

  /**
   * The same for a rendezvous, whose place is held until it is there itself: the last of the others
   * may close meanwhile.
   */
  static synchronized Hub open(Listen listen, DeskKey rendezvous) {
    Hub hub = open(listen);
    hub.register(rendezvous, NOBODY);
    return hub;
  }

  /** Takes a rendezvous away; with the last one the hub of a driver closes. */
  static synchronized void close(Hub hub, DeskKey rendezvous, Desk desk) {
    hub.unregister(rendezvous, desk);
    if (hub.desks.keySet().stream().noneMatch(DeskKey::isRendezvous)) {
      hub.transport.close();
      current = current == hub ? null : current;
    }
  }

  Address address() {
    return transport.address();
  }

  /**
   * Takes frames of up to so many bytes from now on. It never takes less again: what a peer still
   * sends of an attempt that has ended here is refused by its desk, without loss of the connection
   * that the next attempt uses.
   */
  void expect(long bytes) {
    largestFrame.accumulateAndGet(bytes, Math::max);
  }

  @Override
  public long largestFrame() {
    return largestFrame.get();
  }

  void register(DeskKey key, Desk desk) {
    desks.put(key, desk);
  }

  void unregister(DeskKey key, Desk desk) {
    desks.remove(key, desk);
  }

  /** Sends a frame, over the network only if it leaves this JVM. */
  CompletableFuture<ByteBuffer> send(Address to, ByteBuffer frame) {
    if (!to.equals(address())) {
      return transport.send(to, frame);
    }
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    receive(HERE, frame, answer);
    return answer;
  }

  @Override
  public void receive(String peer, ByteBuffer bytes, CompletableFuture<ByteBuffer> answer) {
    try {
      Frame head = Frame.read(bytes);
      Desk desk = desks.get(new DeskKey(head.run(), head.isForDriver()));
      if (desk == null) {
        throw new IllegalStateException(
            "a %s frame of run %x, which is unknown here".formatted(head.kind(), head.run()));
      }
      desk.receive(peer, head, bytes, answer);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  @Override
  public void disconnected(String peer) {
    desks.values().forEach(desk -> desk.disconnected(peer));
  }
}
