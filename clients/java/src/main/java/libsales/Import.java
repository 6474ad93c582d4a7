package libsales;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import sales.v1.ImportLeadsRequest;
import sales.v1.ImportLeadsResponse;
import sales.v1.LeadServiceGrpc;

/** The results of an import, over as many streams as it takes. */
final class Import implements Supplier<ImportLeadsResponse> {
  // How many rows are under way at once, and kept to be sent again.
  private static final int ROWS_UNDER_WAY_MAX = 1000;
  // How long the server may be silent while it has rows to answer.
  private static final Duration SILENCE = Duration.ofSeconds(60);
  // How long a lost server is waited for.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Channel channel;
  private final CallOptions options;
  private final Iterator<ImportLeadsRequest> rows;
  private final UnaryOperator<ImportLeadsRequest.Builder> complete;
  private final Deque<ImportLeadsRequest> unanswered = new ArrayDeque<>();
  private final Backoff backoff = new Backoff(PATIENCE);
  private AnswerStream<ImportLeadsRequest, ImportLeadsResponse> stream;

  Import(
      Channel channel,
      CallOptions options,
      Iterator<ImportLeadsRequest> rows,
      UnaryOperator<ImportLeadsRequest.Builder> complete) {
    this.channel = channel;
    this.options = options;
    this.rows = rows;
    this.complete = complete;
  }

  /** Gives the next result, or null when every row has one. */
  @Override
  public ImportLeadsResponse get() {
    while (stream != null || send()) {
      try {
        ImportLeadsResponse result = stream.next(SILENCE);
        if (result != null) {
          unanswered.remove();
          backoff.reset();
          return result;
        }
        stream = null;
        if (!unanswered.isEmpty()) {
          throw Status.UNAVAILABLE.withDescription("the server ended it").asRuntimeException();
        }
      } catch (StatusRuntimeException loss) {
        stream = null;
        backoff.pause(loss);
      }
    }
    return null;
  }

  /** Sends what has no result yet, or else the next rows; says whether there were any. */
  private boolean send() {
    if (unanswered.isEmpty()) {
      while (unanswered.size() < ROWS_UNDER_WAY_MAX && rows.hasNext()) {
        unanswered.add(rows.next());
      }
      if (unanswered.isEmpty()) {
        return false;
      }
      backoff.reset();
    }
    // The first row says which workspace the others are for.
    unanswered.push(complete.apply(unanswered.remove().toBuilder()).build());
    stream = new AnswerStream<>(channel, LeadServiceGrpc.getImportLeadsMethod(), options);
    unanswered.forEach(stream::send);
    stream.halfClose();
    return true;
  }

  void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
