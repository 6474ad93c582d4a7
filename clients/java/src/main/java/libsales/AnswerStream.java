package libsales;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One streaming call, sent to and read by one thread at its own pace. */
final class AnswerStream<Q extends Message, A extends Message> extends ClientCall.Listener<A>
    implements AutoCloseable {
  // How many answers are taken from the network before they are asked for.
  private static final int READ_AHEAD_MAX = 64;
  private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

  /** An answer, or how the stream ended. */
  private record Arrival<A>(A answer, Status status, Metadata trailers) {}

  private final ClientCall<Q, A> call;
  private final BlockingQueue<Arrival<A>> arrivals = new LinkedBlockingQueue<>();
  private boolean isEnded;

  AnswerStream(Channel channel, MethodDescriptor<Q, A> method, CallOptions options) {
    call = channel.newCall(method, options);
    call.start(this, new Metadata());
    call.request(READ_AHEAD_MAX);
  }

  /** Sends a request, without a thought for how many are under way. */
  AnswerStream<Q, A> send(Q request) {
    call.sendMessage(request);
    return this;
  }

  /** Sends a request when there is room for it; false once the call has ended. */
  synchronized boolean sendWhenReady(Q request) {
    while (!call.isReady() && !isEnded) {
      try {
        wait();
      } catch (InterruptedException interrupted) {
        throw interruption(interrupted);
      }
    }
    if (!isEnded) {
      call.sendMessage(request);
    }
    return !isEnded;
  }

  /** Says that no more requests come. */
  AnswerStream<Q, A> halfClose() {
    call.halfClose();
    return this;
  }

  /**
   * Gives the next answer, or null when the server has said all.
   *
   * @throws io.grpc.StatusRuntimeException if the stream broke
   */
  A next() {
    return next(FOR_EVER);
  }

  /** As {@link #next()}; a server that is silent for so long breaks the stream too. */
  A next(Duration silence) {
    Arrival<A> arrival;
    try {
      arrival = arrivals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw interruption(interrupted);
    }
    if (arrival == null) {
      close();
      throw Status.DEADLINE_EXCEEDED.withDescription("the server is silent").asRuntimeException();
    }
    if (arrival.status == null) {
      call.request(1);
      return arrival.answer;
    }
    if (arrival.status.isOk()) {
      return null;
    }
    throw arrival.status.asRuntimeException(arrival.trailers);
  }

  /** Ends the call; one that has ended is left as it is. */
  @Override
  public void close() {
    call.cancel("the caller has left", null);
  }

  @Override
  public void onMessage(A answer) {
    arrivals.add(new Arrival<>(answer, null, null));
  }

  @Override
  public synchronized void onReady() {
    notifyAll();
  }

  @Override
  public synchronized void onClose(Status status, Metadata trailers) {
    isEnded = true;
    notifyAll();
    arrivals.add(new Arrival<>(null, status, trailers));
  }

  private SalesException interruption(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    close();
    return new SalesException(Status.Code.CANCELLED, "the thread was interrupted", interrupted);
  }
}
