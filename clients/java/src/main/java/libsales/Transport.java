package libsales;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The connection: what is trusted, what is shown, and how a lost server is found again. */
final class Transport {
  private static final int ANSWER_BYTES_MAX = 64 << 20;
  // A watch notices that its peer is gone; servers refuse pings more often than every 5 minutes.
  private static final long KEEPALIVE_SECONDS = 320;
  // How long after a failed attempt to connect the next one comes.
  private static final long RECONNECT_MILLIS = 250;
  private static final long REREAD_MINUTES = 1;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(RECONNECT_MILLIS, TimeUnit.MILLISECONDS);

  boolean tls;
  Path caFile;
  Path certFile;
  Path keyFile;
  Path tokenFile;

  ManagedChannel connect(String target) {
    if (tokenFile != null && !tls && !isThisMachine(target)) {
      throw new IllegalArgumentException(
          "a token is not sent to " + target + " in the clear: use tls() or caFile(…)");
    }
    // Looks whether files with certificates have changed; its thread is made when there are any.
    ScheduledExecutorService rereader =
        Executors.newSingleThreadScheduledExecutor(Transport::daemon);
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, credentials(rereader))
            .userAgent("libsales-java/" + SalesClient.VERSION)
            .defaultServiceConfig(ServiceConfig.RETRIES)
            .enableRetry()
            .maxInboundMessageSize(ANSWER_BYTES_MAX)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .build();
    reconnectSoon(channel, rereader);
    return channel;
  }

  private ChannelCredentials credentials(ScheduledExecutorService rereader) {
    if (!tls) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    try {
      if (caFile != null) {
        AdvancedTlsX509TrustManager trusted = AdvancedTlsX509TrustManager.newBuilder().build();
        trusted.updateTrustCredentials(
            caFile.toFile(), REREAD_MINUTES, TimeUnit.MINUTES, rereader);
        credentials.trustManager(trusted);
      }
      if (certFile != null) {
        AdvancedTlsX509KeyManager shown = new AdvancedTlsX509KeyManager();
        shown.updateIdentityCredentials(
            certFile.toFile(), keyFile.toFile(), REREAD_MINUTES, TimeUnit.MINUTES, rereader);
        credentials.keyManager(shown);
      }
    } catch (IOException | GeneralSecurityException unusable) {
      rereader.shutdownNow();
      throw new IllegalArgumentException(unusable.getMessage(), unusable);
    }
    return credentials.build();
  }

  /** Says whether what is sent to a target stays on this machine. */
  static boolean isThisMachine(String target) {
    String host = target.replaceFirst("^(dns|ipv4|ipv6):(//[^/]*/)?", "");
    return target.startsWith("unix:")
        || host.matches("(localhost|127(\\.\\d{1,3}){3}|\\[::1\\]|::1)(:\\d+)?");
  }

  /**
   * A restarted server is found again while a call is retried: gRPC by itself would wait a second
   * after the first failed attempt, and up to two minutes after later ones.
   */
  private static void reconnectSoon(ManagedChannel channel, ExecutorService rereader) {
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.SHUTDOWN) {
      rereader.shutdownNow();
      return;
    }
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      LATER.execute(channel::resetConnectBackoff);
    }
    channel.notifyWhenStateChanged(state, () -> reconnectSoon(channel, rereader));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "libsales-certificates");
    thread.setDaemon(true);
    return thread;
  }
}
