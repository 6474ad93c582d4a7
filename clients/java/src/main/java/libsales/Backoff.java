package libsales;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits longer after each loss in a row, at random, so that clients do not return as one. */
final class Backoff {
  private static final long PAUSE_MIN_MILLIS = 50;
  private static final long PAUSE_MAX_MILLIS = 2000;

  private final Duration patience;
  private long pauseMillis;
  // When the first loss in a row was; none yet: 0.
  private long lostNanos;

  Backoff(Duration patience) {
    this.patience = patience;
    reset();
  }

  /** Forgets the losses: the server answers. */
  void reset() {
    pauseMillis = PAUSE_MIN_MILLIS;
    lostNanos = 0;
  }

  /** Waits before the next try. Throws what another try does not help, or has lasted too long. */
  void pause(StatusRuntimeException loss) {
    SalesException error = SalesException.of(loss);
    boolean isLost =
        error.code() == Status.Code.UNAVAILABLE || error.code() == Status.Code.CANCELLED;
    lostNanos = lostNanos == 0 ? System.nanoTime() : lostNanos;
    if (!isLost || Duration.ofNanos(System.nanoTime() - lostNanos).compareTo(patience) > 0) {
      throw error;
    }
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw error;
    }
    pauseMillis = Math.min(2 * pauseMillis, PAUSE_MAX_MILLIS);
  }
}
