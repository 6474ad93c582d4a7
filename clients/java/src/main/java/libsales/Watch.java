package libsales;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.function.Supplier;
import sales.v1.EventFilter;
import sales.v1.EventServiceGrpc;
import sales.v1.WatchEventsRequest;
import sales.v1.WatchEventsResponse;

/** The events of a workspace, over as many streams as it takes. */
final class Watch implements Supplier<WatchEventsResponse> {
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final Channel channel;
  private final CallOptions options;
  private final WatchEventsRequest.Builder request;
  private final Backoff backoff = new Backoff(FOR_EVER);
  private AnswerStream<WatchEventsRequest, WatchEventsResponse> stream;
  private boolean closed;

  Watch(
      Channel channel, CallOptions options, String parent, long afterRevision, EventFilter filter) {
    this.channel = channel;
    this.options = options;
    request =
        WatchEventsRequest.newBuilder()
            .setParent(parent)
            .setAfterRevision(afterRevision)
            .setFilter(filter);
  }

  /** Gives the next batch, or null when it was closed. */
  @Override
  public WatchEventsResponse get() {
    while (true) {
      AnswerStream<WatchEventsRequest, WatchEventsResponse> open = open();
      if (open == null) {
        return null;
      }
      try {
        WatchEventsResponse batch = open.next();
        if (batch == null) {
          throw Status.UNAVAILABLE.withDescription("the server ended it").asRuntimeException();
        }
        backoff.reset();
        if (batch.getRevision() > request.getAfterRevision()) {
          request.setAfterRevision(batch.getRevision());
          return batch;
        }
      } catch (StatusRuntimeException loss) {
        if (lose()) {
          return null;
        }
        backoff.pause(loss);
      }
    }
  }

  private synchronized AnswerStream<WatchEventsRequest, WatchEventsResponse> open() {
    if (stream == null && !closed) {
      stream = new AnswerStream<>(channel, EventServiceGrpc.getWatchEventsMethod(), options);
      stream.send(request.build()).halfClose();
    }
    return closed ? null : stream;
  }

  /** Forgets a stream that broke; says whether that was asked for. */
  private synchronized boolean lose() {
    stream = null;
    return closed;
  }

  synchronized void close() {
    closed = true;
    if (stream != null) {
      stream.close();
    }
  }
}
