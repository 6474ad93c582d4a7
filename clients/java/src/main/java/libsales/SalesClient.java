package libsales;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sales.v1.EventFilter;
import sales.v1.ImportLeadsRequest;
import sales.v1.ImportLeadsResponse;
import sales.v1.ImportWorkspaceRequest;
import sales.v1.WatchEventsResponse;
import sales.v1.Workspace;
import sales.v1.WorkspaceServiceGrpc;

/**
 * The verbs of one workspace, called by someone. Threads may share it.
 *
 * <pre>{@code
 * try (SalesClient sales = SalesClient.to("localhost:8443").workspace("studio").connect()) {
 *   sales.captureLead(request -> request.setContact(contact));
 * }
 * }</pre>
 *
 * <p>A method is given a function that fills its request. {@code parent}, where it is left out, is
 * the client's workspace; {@code request_id} is made once a call and goes with every retry, so that
 * a write whose answer was lost is not done twice. What is refused throws {@link SalesException}.
 */
public final class SalesClient extends SalesMethods implements AutoCloseable {
  static final String VERSION = "0.1.0";

  // How often a call is sent whose connection is cut just then, and which gRPC does not retry.
  private static final int CUT_CALLS_MAX = 3;

  private static final Metadata.Key<String> ACTOR =
      Metadata.Key.of("sales-actor", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel connection;
  private final String workspace;
  private final String actor;
  private final Duration deadline;
  private final CallOptions options;
  // The connection, with what goes with every call.
  private final Channel channel;

  /** How to reach a server, and as whom. */
  public static final class Builder {
    private final String target;
    private final Transport transport = new Transport();
    private String workspace = "";
    private String actor = "";
    private Duration deadline = ServiceConfig.DEADLINE;

    private Builder(String target) {
      this.target = target;
    }

    /**
     * Names the workspace that calls are about.
     *
     * @param id such as {@code studio}
     * @return this
     */
    public Builder workspace(String id) {
      workspace = id;
      return this;
    }

    /**
     * Names who calls; kept in events.
     *
     * @param id such as {@code anna}
     * @return this
     */
    public Builder actor(String id) {
      actor = id;
      return this;
    }

    /**
     * Says how long a call may take, retries included; 10 seconds unless said otherwise.
     *
     * @param duration of a call
     * @return this
     */
    public Builder deadline(Duration duration) {
      deadline = duration;
      return this;
    }

    /**
     * Encrypts the connection, and trusts the machine's authorities.
     *
     * @return this
     */
    public Builder tls() {
      transport.tls = true;
      return this;
    }

    /**
     * Encrypts the connection, and trusts the authorities of a file, read anew when it changes.
     *
     * @param file certificates in PEM
     * @return this
     */
    public Builder caFile(Path file) {
      transport.caFile = file;
      return tls();
    }

    /**
     * Encrypts the connection, and shows a certificate to the server; both files are read anew when
     * they change.
     *
     * @param certFile the certificate, and those between it and the authority, in PEM
     * @param keyFile its private key in PEM (PKCS #8)
     * @return this
     */
    public Builder clientCertificate(Path certFile, Path keyFile) {
      transport.certFile = certFile;
      transport.keyFile = keyFile;
      return tls();
    }

    /**
     * Sends a token with every call. Without encryption it is sent to this machine only.
     *
     * @param file holds the token, and is read anew when it changes
     * @return this
     */
    public Builder tokenFile(Path file) {
      transport.tokenFile = file;
      return this;
    }

    /**
     * Makes the client; it connects at the first call.
     *
     * @return a client to be closed
     * @throws IllegalArgumentException if a file cannot be read, or a token would be sent in the
     *     clear over a network
     */
    public SalesClient connect() {
      CallOptions options = CallOptions.DEFAULT;
      if (transport.tokenFile != null) {
        options = options.withCallCredentials(new TokenFile(transport.tokenFile));
      }
      return new SalesClient(transport.connect(target), workspace, actor, deadline, options);
    }
  }

  /**
   * Begins a client of a server.
   *
   * @param target such as {@code localhost:8443}
   * @return what says how to reach it; without {@code tls} the connection is not encrypted
   */
  public static Builder to(String target) {
    return new Builder(target);
  }

  private SalesClient(
      ManagedChannel connection,
      String workspace,
      String actor,
      Duration deadline,
      CallOptions options) {
    this.connection = connection;
    this.workspace = workspace;
    this.actor = actor;
    this.deadline = deadline;
    this.options = options;
    Metadata headers = new Metadata();
    if (!actor.isEmpty()) {
      headers.put(ACTOR, actor);
    }
    channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /**
   * Gives a client of another workspace on the same connection.
   *
   * @param id such as {@code studio}
   * @return valid until this one is closed; need not be closed itself
   */
  public SalesClient withWorkspace(String id) {
    return new SalesClient(connection, id, actor, deadline, options);
  }

  /**
   * Gives a client for someone else on the same connection.
   *
   * @param id such as {@code anna}
   * @return valid until this one is closed; need not be closed itself
   */
  public SalesClient withActor(String id) {
    return new SalesClient(connection, workspace, id, deadline, options);
  }

  /**
   * Gives a client with another deadline on the same connection.
   *
   * @param duration of a call, retries included
   * @return valid until this one is closed; need not be closed itself
   */
  public SalesClient withDeadline(Duration duration) {
    return new SalesClient(connection, workspace, actor, duration, options);
  }

  /**
   * Gives the name of a resource: {@code name("channels", "ads")} is {@code
   * workspaces/studio/channels/ads}.
   *
   * @param parts of the path below the workspace
   * @return the workspace's own name where there are none
   */
  public String name(String... parts) {
    StringBuilder name = new StringBuilder("workspaces/").append(workspace);
    for (String part : parts) {
      name.append('/').append(part);
    }
    return name.toString();
  }

  /**
   * Calls a method that has one answer, by its descriptor.
   *
   * @param <Q> the request
   * @param <A> the answer
   * @param method such as {@code LeadServiceGrpc.getGetLeadMethod()}
   * @param request may leave out {@code parent} and {@code request_id}
   * @return the answer
   */
  public <Q extends Message, A extends Message> A call(MethodDescriptor<Q, A> method, Q request) {
    return send(method, request.toBuilder());
  }

  @Override
  <Q extends Message, A extends Message, B extends Message.Builder> A call(
      MethodDescriptor<Q, A> method, B request, Consumer<? super B> fill) {
    fill.accept(request);
    return send(method, request);
  }

  @Override
  <Q extends Message, A extends Message, B extends Message.Builder, T> Stream<T> list(
      MethodDescriptor<Q, A> method,
      B request,
      Consumer<? super B> fill,
      Function<A, List<T>> items) {
    fill.accept(request);
    FieldDescriptor token = request.getDescriptorForType().findFieldByName("page_token");
    return Streams.of(
        new Supplier<>() {
          private Iterator<T> page = List.<T>of().iterator();
          private boolean last;

          @Override
          public T get() {
            while (!page.hasNext()) {
              if (last) {
                return null;
              }
              A answer = send(method, request);
              page = items.apply(answer).iterator();
              Object next =
                  answer.getField(
                      answer.getDescriptorForType().findFieldByName("next_page_token"));
              request.setField(token, next);
              last = next.equals("");
            }
            return page.next();
          }
        },
        () -> {});
  }

  @Override
  <Q extends Message, A extends Message, B extends Message.Builder> Stream<A> stream(
      MethodDescriptor<Q, A> method, B request, Consumer<? super B> fill) {
    fill.accept(request);
    AnswerStream<Q, A> answers = new AnswerStream<>(channel, method, options);
    answers.send(built(complete(request))).halfClose();
    return Streams.of(
        () -> {
          try {
            return answers.next();
          } catch (StatusRuntimeException error) {
            throw SalesException.of(error);
          }
        },
        answers::close);
  }

  /**
   * Imports leads with their past; gives a result for each row, in the order of the rows. To be
   * closed.
   *
   * <p>A lost server is waited for, and rows without a result are sent again: one that was written
   * just before is then {@code RESULT_UNCHANGED}. A rejected row is a result, not an exception.
   *
   * @param rows read as they are sent, at most a thousand ahead of the results; closed with the
   *     results
   * @return results, made as they are asked for
   */
  public Stream<ImportLeadsResponse> importLeads(Stream<ImportLeadsRequest> rows) {
    Import results = new Import(channel, options, rows.iterator(), this::complete);
    return Streams.of(results, results::close).onClose(rows::close);
  }

  /**
   * Gives every event after a revision, each once and in order, and goes on until it is closed.
   *
   * <p>Each item holds whole revisions, or none where the filter passed over some; to go on another
   * day, watch after its {@code revision}. A lost server is waited for as long as it takes.
   *
   * @param afterRevision 0 for all
   * @return to be closed, which other threads may do too
   */
  public Stream<WatchEventsResponse> watch(long afterRevision) {
    return watch(afterRevision, EventFilter.getDefaultInstance());
  }

  /**
   * Gives the events after a revision that pass a filter, as {@link #watch(long)} does.
   *
   * @param afterRevision 0 for all
   * @param filter which events are wanted
   * @return to be closed, which other threads may do too
   */
  public Stream<WatchEventsResponse> watch(long afterRevision, EventFilter filter) {
    Watch batches = new Watch(channel, options, name(), afterRevision, filter);
    return Streams.of(batches, batches::close);
  }

  /**
   * Makes a workspace of what {@code exportWorkspace} gave: all of it or nothing.
   *
   * @param pieces of the text, cut anywhere; the first one has the workspace's name
   * @return the workspace
   */
  public Workspace importWorkspace(Stream<ImportWorkspaceRequest> pieces) {
    try (AnswerStream<ImportWorkspaceRequest, Workspace> call =
        new AnswerStream<>(channel, WorkspaceServiceGrpc.getImportWorkspaceMethod(), options)) {
      pieces.takeWhile(piece -> call.sendWhenReady(piece)).forEach(piece -> {});
      return call.halfClose().next();
    } catch (StatusRuntimeException error) {
      throw SalesException.of(error);
    }
  }

  /** Closes the connection, also for the clients made from this one. */
  @Override
  public void close() {
    connection.shutdownNow();
  }

  private <Q extends Message, A extends Message> A send(
      MethodDescriptor<Q, A> method, Message.Builder request) {
    CallOptions call = options.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    Q complete = built(complete(request.clone()));
    for (int attempt = 1; ; attempt++) {
      try {
        return ClientCalls.blockingUnaryCall(channel, method, call, complete);
      } catch (StatusRuntimeException error) {
        if (!SalesException.isCut(error) || attempt == CUT_CALLS_MAX) {
          throw SalesException.of(error);
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <Q extends Message> Q built(Message.Builder request) {
    return (Q) request.build();
  }

  /** Fills what a caller may leave out. */
  private <B extends Message.Builder> B complete(B request) {
    fillEmpty(request, "parent", this::name);
    fillEmpty(request, "request_id", () -> UUID.randomUUID().toString());
    return request;
  }

  private static void fillEmpty(Message.Builder request, String name, Supplier<String> value) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
    if (field != null && request.getField(field).equals("")) {
      request.setField(field, value.get());
    }
  }
}
