package libsales;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call that was not answered as asked. Decide by {@link #code}, or by {@link #reason}.
 *
 * <p>{@code ABORTED}: somebody else was first; read again and decide anew. {@code UNAVAILABLE}: the
 * server is not reached; retried already, may be tried again. {@code DEADLINE_EXCEEDED}: whether it
 * was done is unknown; repeat it with the same request id.
 *
 * @serial exclude
 */
public final class SalesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * What is wrong with one field of the request.
   *
   * @param field a path: {@code contact.identities[0].value}
   * @param description what is wrong with it
   * @serial exclude
   */
  public record FieldViolation(String field, String description) implements Serializable {}

  /**
   * A condition of the funnel policy that the lead does not meet.
   *
   * @param condition in the policy's words: {@code requirements_agreed}, {@code interest >= 50}
   * @param stage the stage whose entry asks for it
   * @param description what it asks for
   * @serial exclude
   */
  public record MissingCondition(String condition, String stage, String description)
      implements Serializable {}

  private record Details(
      String reason,
      Map<String, String> metadata,
      List<FieldViolation> fields,
      List<MissingCondition> missing,
      Duration retryDelay)
      implements Serializable {}

  private final Status.Code code;
  private final String message;
  private final Details details;

  SalesException(Status.Code code, String message, Throwable cause) {
    this(code, message, new Details("", Map.of(), List.of(), List.of(), Duration.ZERO), cause);
  }

  private SalesException(Status.Code code, String message, Details details, Throwable cause) {
    super((details.reason.isEmpty() ? code.name() : details.reason) + ": " + message, cause);
    this.code = code;
    this.message = message;
    this.details = details;
  }

  /**
   * Says whether a connection closed just when a call was written to it: gRPC calls that UNKNOWN,
   * and does not retry it.
   */
  static boolean isCut(StatusRuntimeException error) {
    Status status = error.getStatus();
    return status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof IOException;
  }

  /** Reads the status that gRPC carries, and the details in its trailers. */
  static SalesException of(StatusRuntimeException error) {
    String reason = "";
    Map<String, String> metadata = Map.of();
    List<FieldViolation> fields = new ArrayList<>();
    List<MissingCondition> missing = new ArrayList<>();
    Duration retryDelay = Duration.ZERO;
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
      try {
        if (detail.is(ErrorInfo.class)) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          reason = info.getReason();
          metadata = Map.copyOf(info.getMetadataMap());
        } else if (detail.is(BadRequest.class)) {
          for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
            fields.add(new FieldViolation(violation.getField(), violation.getDescription()));
          }
        } else if (detail.is(PreconditionFailure.class)) {
          for (var violation : detail.unpack(PreconditionFailure.class).getViolationsList()) {
            // The description is "condition: what it asks for", or the condition alone.
            String[] parts = violation.getDescription().split(": ", 2);
            missing.add(
                new MissingCondition(
                    parts[0], violation.getSubject(), parts.length > 1 ? parts[1] : ""));
          }
        } else if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          retryDelay = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
        }
      } catch (InvalidProtocolBufferException unreadable) {
        // The code and the message are an answer too.
        error.addSuppressed(unreadable);
      }
    }
    String message = error.getStatus().getDescription();
    return new SalesException(
        isCut(error) ? Status.Code.UNAVAILABLE : error.getStatus().getCode(),
        message == null ? "" : message,
        new Details(reason, metadata, List.copyOf(fields), List.copyOf(missing), retryDelay),
        error);
  }

  /**
   * Gives the canonical code.
   *
   * @return never {@code OK}
   */
  public Status.Code code() {
    return code;
  }

  /**
   * Gives the reason, from the published list: {@code ETAG_MISMATCH}.
   *
   * @return empty if the server never saw the call
   */
  public String reason() {
    return details.reason;
  }

  /**
   * Gives the message alone; {@link #getMessage} has the reason before it.
   *
   * @return what is wrong and what to do, for people
   */
  public String description() {
    return message;
  }

  /**
   * Gives what the reason speaks of, by name.
   *
   * @return empty for most reasons
   */
  public Map<String, String> metadata() {
    return details.metadata;
  }

  /**
   * Gives the fields at fault.
   *
   * @return empty if the request was right
   */
  public List<FieldViolation> fields() {
    return details.fields;
  }

  /**
   * Gives each condition unmet, of a move that is refused.
   *
   * @return empty for other errors
   */
  public List<MissingCondition> missing() {
    return details.missing;
  }

  /**
   * Gives how long the server asks to wait before the next try.
   *
   * @return zero where it says nothing of it
   */
  public Duration retryDelay() {
    return details.retryDelay;
  }
}
