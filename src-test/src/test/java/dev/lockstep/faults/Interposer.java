package dev.lockstep.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that can be cut: whoever connects to a port of its address is connected with that port
 * of 127.0.0.1, where the true listener is. All of 127.0.0.0/8 is the loopback on Linux.
 */
final class Interposer implements AutoCloseable {
  /** Where it listens; the name that the true listeners give of themselves. */
  static final String HOST = "127.0.0.9";

  private static final byte[] HOST_BYTES = {127, 0, 0, 9};
  private static final int FIRST = 21_000;
  private static final int LAST = 31_000;
  private static final int BUFFER = 1 << 16;

  private final List<ServerSocket> doors;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private boolean isSilent;

  private Interposer(List<ServerSocket> doors) {
    this.doors = doors;
    for (ServerSocket door : doors) {
      start("door-" + door.getLocalPort(), () -> accept(door));
    }
  }

  /** Stands before so many consecutive ports that are free at both addresses. */
  static Interposer open(int ports) throws IOException {
    for (int first = FIRST; first < LAST; first += ports) {
      List<ServerSocket> doors = new ArrayList<>();
      try {
        for (int port = first; port < first + ports; port++) {
          new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
          doors.add(new ServerSocket(port, 50, InetAddress.getByAddress(HOST_BYTES)));
        }
        return new Interposer(doors);
      } catch (IOException e) { // One of them is taken.
        for (ServerSocket door : doors) {
          door.close();
        }
      }
    }
    throw new IOException("no %d free ports in a row".formatted(ports));
  }

  /** The first of the ports. */
  int port() {
    return doors.get(0).getLocalPort();
  }

  /** The connections there are, by the ports that they go to. */
  List<Integer> connections() {
    return links.stream().map(link -> link.port).sorted().toList();
  }

  /** Resets a connection, or all; new ones are let through. */
  void cut(int which, boolean all) {
    List<Link> there = List.copyOf(links);
    List<Link> chosen = all || there.isEmpty() ? there : List.of(there.get(which % there.size()));
    chosen.forEach(Link::reset);
  }

  /** From now on nothing passes, in old connections and new ones, and nobody is told. */
  void fallSilent() {
    synchronized (gate) {
      isSilent = true;
    }
  }

  /** What was held back goes its way. */
  void speak() {
    synchronized (gate) {
      isSilent = false;
      gate.notifyAll();
    }
  }

  private void awaitPassage() throws InterruptedException {
    synchronized (gate) {
      while (isSilent) {
        gate.wait();
      }
    }
  }

  private void accept(ServerSocket door) {
    while (!door.isClosed()) {
      try {
        Socket from = door.accept();
        start("link-" + door.getLocalPort(), () -> connect(from, door.getLocalPort()));
      } catch (IOException e) {
        return; // It was closed.
      }
    }
  }

  private void connect(Socket from, int port) {
    try {
      awaitPassage();
      Socket to = new Socket();
      to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Link link = new Link(from, to, port);
      links.add(link);
      start("there-" + port, () -> pass(link, link.from, link.to));
      pass(link, link.to, link.from);
    } catch (IOException e) { // Nobody listens there: neither do we.
      reset(from);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Link link, Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitPassage();
        out.write(buffer, 0, n);
      }
      link.close();
    } catch (IOException e) {
      link.reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      links.remove(link);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed already, which is as good.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "interposer-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket door : doors) {
      door.close();
    }
    speak();
    List.copyOf(links).forEach(Link::reset);
  }

  /** A connection and its continuation. */
  private static final class Link {
    final Socket from;
    final Socket to;
    final int port;

    Link(Socket from, Socket to, int port) throws IOException {
      this.from = from;
      this.to = to;
      this.port = port;
      from.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
    }

    void close() throws IOException {
      from.close();
      to.close();
    }

    /** Both sides see a reset, as when a firewall forgets a connection. */
    void reset() {
      for (Socket socket : List.of(from, to)) {
        if (!socket.isClosed()) {
          Interposer.reset(socket);
        }
      }
    }
  }
}
