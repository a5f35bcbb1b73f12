package dev.lockstep.spark.exchange;

import dev.lockstep.spark.exchange.Frame.Kind;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.internal.config.package$;
import scala.Option;

/**
 * Measures what an exchange is made of: frames between two ends of Spark's transport, which are in
 * this JVM and talk over loopback, and meetings of ranks. For a model of costs; training does not
 * use it.
 */
public final class ExchangeProbe implements AutoCloseable {
  private static final long TIMEOUT_MILLIS = 60_000;

  private final End one;
  private final End other;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** With the transport settings of the session that runs in this JVM. */
  public ExchangeProbe() {
    this(
        SparkEnv.get().conf(),
        SparkEnv.get().securityManager(),
        SparkEnv.get().blockManager().blockManagerId().host());
  }

  /** With Spark's defaults, where no session runs. */
  public static ExchangeProbe withoutSession() {
    SparkConf conf = new SparkConf();
    return new ExchangeProbe(
        conf,
        new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE()),
        InetAddress.getLoopbackAddress().getHostAddress());
  }

  ExchangeProbe(SparkConf conf, SecurityManager security, String host) {
    one = new End(conf, security, host);
    other = new End(conf, security, host);
  }

  /**
   * Both ends send each other some frames of so many floats at the same time, as JVMs do in a step:
   * nanoseconds until both have read all of them.
   */
  public double exchange(int frames, int floats) {
    one.expect(frames);
    other.expect(frames);
    long start = System.nanoTime();
    all(
        List.of(
            threads.submit(() -> one.send(other, frames, floats)),
            threads.submit(() -> other.send(one, frames, floats))));
    one.await(0);
    other.await(0);
    return (double) (System.nanoTime() - start);
  }

  /**
   * The ends send each other frames without content in turn, each once it has the other's:
   * nanoseconds of a frame.
   */
  public double latency(int times) {
    one.expect(times);
    other.expect(times);
    long start = System.nanoTime();
    Future<?> answers =
        threads.submit(
            () -> {
              for (int i = 1; i <= times; i++) {
                other.await(times - i);
                other.send(one, 1, 0);
              }
            });
    for (int i = 1; i <= times; i++) {
      one.send(other, 1, 0);
      one.await(times - i);
    }
    all(List.of(answers));
    return (double) (System.nanoTime() - start) / (2.0 * times);
  }

  /** Nanoseconds of a meeting of some ranks in memory, on average over many. */
  public double meeting(int ranks, int times) {
    Inbox inbox = new Inbox(TIMEOUT_MILLIS);
    long start = System.nanoTime();
    List<Future<?>> parties = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      parties.add(
          threads.submit(
              () -> {
                for (int i = 0; i < times; i++) {
                  inbox.meet(ranks, "the other threads of a measurement");
                }
                return null;
              }));
    }
    all(parties);
    return (double) (System.nanoTime() - start) / times;
  }

  private static void all(List<? extends Future<?>> parts) {
    try {
      for (Future<?> part : parts) {
        part.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a measurement failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    one.transport.close();
    other.transport.close();
  }

  /** One end: packs floats into frames and takes them out again. */
  private static final class End implements Transport.Receiver {
    private final Transport transport;
    private final Inbox inbox = new Inbox(TIMEOUT_MILLIS);
    private float[] source = new float[0];
    private int missing;

    End(SparkConf conf, SecurityManager security, String host) {
      transport = new Transport(conf, security, new Hub.Listen(host, "", 0), this);
    }

    void expect(int frames) {
      inbox.change(() -> missing = frames);
    }

    /** Waits, as a rank does, until no more than so many frames are missing. */
    void await(int atMost) {
      try {
        inbox.await(() -> missing <= atMost, "a frame of a measurement");
      } catch (TimeoutException e) {
        throw new IllegalStateException(e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    void send(End to, int frames, int floats) {
      if (source.length != floats) {
        source = new float[floats];
      }
      for (int i = 0; i < frames; i++) {
        ByteBuffer frame =
            new Frame(Kind.SUMS, 0, 0, 0, i).begin(Math.multiplyExact(floats, Float.BYTES));
        Frame.putFloats(frame, source, 0, floats);
        CompletableFuture<ByteBuffer> unused =
            transport
                .send(to.transport.address(), frame.flip())
                .whenComplete(
                    (answer, error) -> {
                      if (error != null) {
                        inbox.fail("a frame of a measurement was lost: " + error.getMessage());
                      }
                    });
      }
    }

    @Override
    public void receive(String peer, ByteBuffer bytes, CompletableFuture<ByteBuffer> answer) {
      Frame.read(bytes);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      Frame.getFloats(bytes, values, 0, values.length);
      answer.complete(null);
      inbox.change(() -> missing--);
    }

    @Override
    public void disconnected(String peer) {}

    @Override
    public long largestFrame() {
      return Integer.MAX_VALUE;
    }
  }
}
