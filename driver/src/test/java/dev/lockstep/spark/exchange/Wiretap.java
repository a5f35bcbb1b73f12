package dev.lockstep.spark.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Stands between a client and a server, passes everything on and keeps a copy of it. */
final class Wiretap implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Address server;
  private final List<Socket> sockets = new ArrayList<>();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  Wiretap(Address server) throws IOException {
    this.server = server;
    inThread(
        () -> {
          while (true) {
            Socket client = keep(door.accept());
            Socket onward = keep(new Socket(server.host(), server.port()));
            inThread(() -> pass(client, onward));
            inThread(() -> pass(onward, client));
          }
        });
  }

  /** Where clients find the server. */
  Address address() {
    return new Address(server.host(), door.getLocalPort());
  }

  /** Whether these bytes have passed in clear, in one piece. */
  boolean hasSeen(byte[] bytes) {
    String all = seen.toString(StandardCharsets.ISO_8859_1);
    return all.contains(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  int bytesSeen() {
    return seen.size();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void inThread(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A socket was closed: the end of this thread.
              }
            },
            "wiretap");
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized Socket keep(Socket socket) {
    sockets.add(socket);
    return socket;
  }

  private void pass(Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        seen.write(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
