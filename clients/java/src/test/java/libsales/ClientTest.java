package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sales.v1.AdvanceLeadRequest;
import sales.v1.Event;
import sales.v1.EventServiceGrpc.EventServiceImplBase;
import sales.v1.ImportLeadsRequest;
import sales.v1.ImportLeadsResponse;
import sales.v1.Lead;
import sales.v1.LeadServiceGrpc.LeadServiceImplBase;
import sales.v1.ListLeadsRequest;
import sales.v1.ListLeadsResponse;
import sales.v1.WatchEventsRequest;
import sales.v1.WatchEventsResponse;

/** What the client adds to the stubs, seen from a gRPC server that misbehaves on purpose. */
class ClientTest {
  private interface Behaviour {
    void answer(int number, Message request, StreamObserver<Message> out);
  }

  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final List<List<Long>> rowsSeen = new CopyOnWriteArrayList<>();
  private final List<Metadata> headers = new CopyOnWriteArrayList<>();
  private Behaviour behaviour = (number, request, out) -> reply(out, Lead.getDefaultInstance());
  private Server server;
  private SalesClient sales;

  @BeforeEach
  void start() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Leads())
            .addService(new Events())
            .intercept(new HeaderKeeper())
            .build()
            .start();
    sales =
        SalesClient.to("127.0.0.1:" + server.getPort()).workspace("studio").actor("anna").connect();
  }

  @AfterEach
  void stop() {
    sales.close();
    server.shutdownNow();
  }

  @Test
  void aCallSaysWhoCallsAndWithWhat() {
    sales.advanceLead(request -> request.setName("l"));
    assertEquals("anna", header("sales-actor"));
    assertTrue(header("user-agent").startsWith("libsales-java/" + SalesClient.VERSION + " "));
  }

  @Test
  void aTokenIsReadAgainWhenItsFileChanges(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("token");
    Files.writeString(file, "sales_first\n");
    SalesClient.Builder builder =
        SalesClient.to("127.0.0.1:" + server.getPort()).tokenFile(file);
    try (SalesClient known = builder.connect()) {
      known.advanceLead(request -> {});
      Files.writeString(file, "sales_second\n");
      known.advanceLead(request -> {});
      Files.delete(file);
      SalesException unreadable =
          assertThrows(SalesException.class, () -> known.advanceLead(request -> {}));
      assertEquals(Status.Code.UNAUTHENTICATED, unreadable.code());
      assertTrue(unreadable.description().contains(file.toString()));
    }
    Metadata.Key<String> key =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    assertEquals(
        List.of("Bearer sales_first", "Bearer sales_second"),
        headers.stream().map(sent -> sent.get(key)).toList());
  }

  @Test
  void retriesAreTheSameRequest() {
    behaviour =
        (number, request, out) -> {
          if (number < 3) {
            out.onError(Status.UNAVAILABLE.asException());
          } else {
            reply(out, Lead.getDefaultInstance());
          }
        };
    sales.advanceLead(request -> request.setName("l"));
    assertEquals(3, requests.size());
    Set<String> ids = requestIds();
    assertEquals(1, ids.size());
    assertFalse(ids.contains(""));
  }

  @Test
  void eachCallHasItsOwnRequestIdUnlessOneIsGiven() {
    sales.advanceLead(request -> request.setName("l"));
    sales.advanceLead(request -> request.setName("l"));
    sales.advanceLead(request -> request.setName("l").setRequestId("mine"));
    assertEquals(3, requestIds().size());
    assertTrue(requestIds().contains("mine"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ABORTED", "FAILED_PRECONDITION", "INTERNAL", "NOT_FOUND"})
  void anAnswerThatIsNoLostCallIsNotRetried(Status.Code code) {
    behaviour = (number, request, out) -> out.onError(Status.fromCode(code).asException());
    SalesException refused =
        assertThrows(SalesException.class, () -> sales.advanceLead(request -> {}));
    assertEquals(code, refused.code());
    assertEquals(1, requests.size());
  }

  @Test
  void noAnswerInTimeIsDeadlineExceeded() {
    behaviour = (number, request, out) -> {};
    SalesClient hasty = sales.withDeadline(Duration.ofMillis(100));
    SalesException late =
        assertThrows(SalesException.class, () -> hasty.advanceLead(request -> {}));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, late.code());
  }

  @Test
  void nobodyThereIsUnavailable() {
    try (SalesClient alone = SalesClient.to("127.0.0.1:1").connect()) {
      SalesException lost =
          assertThrows(SalesException.class, () -> alone.getLead(request -> {}));
      assertEquals(Status.Code.UNAVAILABLE, lost.code());
      assertEquals("", lost.reason());
    }
  }

  @Test
  void anErrorCarriesItsDetails() {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(9).setMessage("conditions are unmet");
    Stream.<Message.Builder>of(
            ErrorInfo.newBuilder().setReason("GUARD_UNMET").putMetadata("stage", "start"),
            PreconditionFailure.newBuilder()
                .addViolations(
                    PreconditionFailure.Violation.newBuilder()
                        .setSubject("start")
                        .setDescription("price_offered: Offer a price.")),
            BadRequest.newBuilder()
                .addFieldViolations(
                    BadRequest.FieldViolation.newBuilder()
                        .setField("stage")
                        .setDescription("later")),
            RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(2)))
        .forEach(detail -> status.addDetails(Any.pack(detail.build())));
    behaviour = (number, request, out) -> out.onError(StatusProto.toStatusException(status.build()));

    SalesException refused =
        assertThrows(SalesException.class, () -> sales.advanceLead(request -> {}));
    assertEquals("GUARD_UNMET: conditions are unmet", refused.getMessage());
    assertEquals("GUARD_UNMET", refused.reason());
    assertEquals("conditions are unmet", refused.description());
    assertEquals(Map.of("stage", "start"), refused.metadata());
    assertEquals(List.of(new SalesException.FieldViolation("stage", "later")), refused.fields());
    assertEquals(
        List.of(new SalesException.MissingCondition("price_offered", "start", "Offer a price.")),
        refused.missing());
    assertEquals(Duration.ofSeconds(2), refused.retryDelay());
  }

  @Test
  void aListAsksForTheNextPageWhenItIsNeeded() {
    behaviour =
        (number, request, out) -> {
          ListLeadsResponse.Builder page = ListLeadsResponse.newBuilder();
          for (int i = 0; i < ((ListLeadsRequest) request).getPageSize(); i++) {
            page.addLeads(Lead.newBuilder().setName(number + "-" + i));
          }
          reply(out, page.setNextPageToken(number < 3 ? "p" + number : "").build());
        };
    Iterator<Lead> leads = sales.listLeads(request -> request.setPageSize(2)).iterator();
    assertEquals(List.of(), requests);
    assertEquals("1-0", leads.next().getName());
    assertEquals(1, requests.size());
    List<String> others = new ArrayList<>();
    leads.forEachRemaining(lead -> others.add(lead.getName()));
    assertEquals(List.of("1-1", "2-0", "2-1", "3-0", "3-1"), others);
    List<ListLeadsRequest> pages = requests.stream().map(r -> (ListLeadsRequest) r).toList();
    assertEquals(
        List.of("", "p1", "p2"), pages.stream().map(ListLeadsRequest::getPageToken).toList());
    assertTrue(pages.stream().allMatch(page -> page.getParent().equals("workspaces/studio")));
  }

  @Test
  void aWatchGoesOnAfterWhatItHasGiven() {
    behaviour =
        (number, request, out) -> {
          if (number == 1) {
            out.onNext(batch(1, 2));
            out.onNext(batch(3));
            out.onNext(WatchEventsResponse.newBuilder().setRevision(3).build());
          }
          if (number < 5) {
            out.onError(Status.UNAVAILABLE.asException());
          } else {
            reply(out, batch(4));
          }
        };
    try (Stream<WatchEventsResponse> watch = sales.watch(0)) {
      List<Long> given = watch.limit(3).map(WatchEventsResponse::getRevision).toList();
      assertEquals(List.of(2L, 3L, 4L), given);
    }
    List<Long> after =
        requests.stream().map(r -> ((WatchEventsRequest) r).getAfterRevision()).toList();
    assertEquals(List.of(0L, 3L, 3L, 3L, 3L), after);
  }

  @Test
  void aWatchThatIsRefusedSaysSo() {
    behaviour = (number, request, out) -> out.onError(Status.OUT_OF_RANGE.asException());
    try (Stream<WatchEventsResponse> watch = sales.watch(0)) {
      assertThrows(SalesException.class, watch::findFirst);
    }
  }

  @Test
  void aWatchEndsWhenItIsClosedFromElsewhere() throws InterruptedException {
    behaviour = (number, request, out) -> out.onNext(batch(1));
    Stream<WatchEventsResponse> watch = sales.watch(0);
    Thread reader = new Thread(() -> watch.forEach(batch -> {}));
    reader.start();
    while (requests.isEmpty()) {
      Salesd.pause(1);
    }
    watch.close();
    reader.join(10_000);
    assertFalse(reader.isAlive());
    assertEquals(1, requests.size());
  }

  @Test
  void anImportSendsUnansweredRowsAgain() {
    Stream<ImportLeadsRequest> rows =
        LongStream.rangeClosed(1, 5).mapToObj(n -> ImportLeadsRequest.newBuilder().setRow(n).build());
    try (Stream<ImportLeadsResponse> results = sales.importLeads(rows)) {
      assertEquals(
          List.of(1L, 2L, 3L, 4L, 5L), results.map(ImportLeadsResponse::getRow).toList());
    }
    assertEquals(List.of(List.of(1L, 2L, 3L), List.of(3L), List.of(3L, 4L, 5L)), rowsSeen);
  }

  @Test
  void rowsAreReadAsTheyAreSent() {
    List<Long> read = new ArrayList<>();
    Stream<ImportLeadsRequest> rows =
        LongStream.range(4, 2500)
            .mapToObj(n -> ImportLeadsRequest.newBuilder().setRow(n).build())
            .peek(row -> read.add(row.getRow()));
    try (Stream<ImportLeadsResponse> results = sales.importLeads(rows)) {
      assertEquals(4, results.iterator().next().getRow());
    }
    assertEquals(1000, read.size());
  }

  private Set<String> requestIds() {
    return requests.stream()
        .map(request -> ((AdvanceLeadRequest) request).getRequestId())
        .collect(Collectors.toSet());
  }

  private String header(String name) {
    return headers.get(0).get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  private static void reply(StreamObserver<Message> out, Message answer) {
    out.onNext(answer);
    out.onCompleted();
  }

  private static WatchEventsResponse batch(long... revisions) {
    WatchEventsResponse.Builder batch = WatchEventsResponse.newBuilder();
    for (long revision : revisions) {
      batch.addEvents(Event.newBuilder().setRevision(revision)).setRevision(revision);
    }
    return batch.build();
  }

  @SuppressWarnings("unchecked")
  private <A extends Message> void serve(Message request, StreamObserver<A> out) {
    requests.add(request);
    behaviour.answer(requests.size(), request, (StreamObserver<Message>) out);
  }

  private final class Leads extends LeadServiceImplBase {
    @Override
    public void advanceLead(AdvanceLeadRequest request, StreamObserver<Lead> out) {
      serve(request, out);
    }

    @Override
    public void listLeads(ListLeadsRequest request, StreamObserver<ListLeadsResponse> out) {
      serve(request, out);
    }

    /** Answers each row; breaks twice at the third. */
    @Override
    public StreamObserver<ImportLeadsRequest> importLeads(
        StreamObserver<ImportLeadsResponse> out) {
      List<Long> seen = new CopyOnWriteArrayList<>();
      rowsSeen.add(seen);
      return new StreamObserver<>() {
        private boolean broken;

        @Override
        public void onNext(ImportLeadsRequest row) {
          if (broken) {
            return;
          }
          assertNotEquals(seen.isEmpty(), row.getParent().isEmpty());
          seen.add(row.getRow());
          if (row.getRow() == 3 && rowsSeen.size() < 3) {
            broken = true;
            out.onError(Status.UNAVAILABLE.asException());
          } else {
            out.onNext(ImportLeadsResponse.newBuilder().setRow(row.getRow()).build());
          }
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {
          if (!broken) {
            out.onCompleted();
          }
        }
      };
    }
  }

  private final class Events extends EventServiceImplBase {
    @Override
    public void watchEvents(WatchEventsRequest request, StreamObserver<WatchEventsResponse> out) {
      serve(request, out);
    }
  }

  private final class HeaderKeeper implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
      headers.add(sent);
      return next.startCall(call, sent);
    }
  }
}
