package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A network that passes on, holds back and resets. */
@Timeout(30)
class InterposerTest {
  private static final int SILENCE_MILLIS = 200;

  private interface Talk {
    void between(Interposer network, Socket client, Socket server) throws IOException;
  }

  private static void connected(Talk talk) throws IOException {
    try (Interposer network = Interposer.open(2);
        ServerSocket door = new ServerSocket(network.port(), 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(Interposer.HOST, network.port());
        Socket server = door.accept()) {
      client.getOutputStream().write(1);
      assertThat(server.getInputStream().read()).isEqualTo(1);
      server.getOutputStream().write(2);
      assertThat(client.getInputStream().read()).isEqualTo(2);
      talk.between(network, client, server);
    }
  }

  @Test
  void aConnectionIsReset() throws IOException {
    connected(
        (network, client, server) -> {
          network.cut(0, false);
          assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
          assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
        });
  }

  @Test
  void whatIsHeldBackComesLater() throws IOException {
    connected(
        (network, client, server) -> {
          network.fallSilent();
          client.getOutputStream().write(3);
          server.setSoTimeout(SILENCE_MILLIS);
          assertThatThrownBy(() -> server.getInputStream().read())
              .isInstanceOf(SocketTimeoutException.class);
          network.speak();
          server.setSoTimeout(0);
          assertThat(server.getInputStream().read()).isEqualTo(3);
        });
  }
}
