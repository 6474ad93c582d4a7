package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sales.v1.Event;
import sales.v1.ImportLeadsRequest;
import sales.v1.ImportLeadsResponse;
import sales.v1.ImportLeadsResponse.Result;
import sales.v1.WatchEventsResponse;

/** Streams go on over the death of the server. */
@Timeout(120)
class RestartTest {
  private static final int ROWS = 3000;

  private final Salesd server = new Salesd(Salesd.lastingPort());
  private final AtomicBoolean done = new AtomicBoolean();
  private Thread killer;

  @AfterEach
  void stop() throws InterruptedException {
    done.set(true);
    killer.join();
    server.close();
  }

  @Test
  void anImportGoesOnAfterTheServerWasKilled() throws InterruptedException {
    try (SalesClient sales = server.connect()) {
      kill(4);
      List<ImportLeadsResponse> results;
      try (Stream<ImportLeadsResponse> stream = sales.importLeads(rows())) {
        results = stream.toList();
      }
      done.set(true);
      killer.join();
      assertEquals(
          LongStream.range(0, ROWS).boxed().toList(),
          results.stream().map(ImportLeadsResponse::getRow).toList());
      assertTrue(
          results.stream().noneMatch(result -> result.getResult() == Result.RESULT_REJECTED));
      Map<Result, Long> again =
          sales
              .importLeads(rows())
              .collect(
                  Collectors.groupingBy(ImportLeadsResponse::getResult, Collectors.counting()));
      assertEquals(Map.of(Result.RESULT_UNCHANGED, (long) ROWS), again);
      assertEquals(ROWS, sales.reportFunnel().getReceived());
    }
  }

  @Test
  void aWatchMissesAndRepeatsNothing() throws InterruptedException {
    List<WatchEventsResponse> batches = new CopyOnWriteArrayList<>();
    try (SalesClient sales = server.connect()) {
      kill(5);
      int written = 0;
      Stream<WatchEventsResponse> watch = sales.watch(0);
      Thread watcher = new Thread(() -> watch.forEach(batches::add));
      watcher.start();
      while (killer.isAlive()) {
        capture(sales, written++);
      }
      List<Event> recorded = sales.listEvents().toList();
      long last = recorded.get(recorded.size() - 1).getRevision();
      while (batches.isEmpty() || batches.get(batches.size() - 1).getRevision() < last) {
        Salesd.pause(10);
      }
      watch.close();
      watcher.join();
      assertTrue(written > 0);
      assertEquals(recorded, batches.stream().flatMap(b -> b.getEventsList().stream()).toList());
    }
    long seen = 0;
    for (WatchEventsResponse batch : batches) {
      long before = seen;
      assertTrue(batch.getRevision() > before);
      assertTrue(batch.getEventsList().stream().allMatch(e -> e.getRevision() > before));
      seen = batch.getRevision();
    }
  }

  /** Repeats a call until it is answered: its request id makes it happen once. */
  private static void capture(SalesClient sales, int number) {
    while (true) {
      try {
        sales.captureLead(
            request -> {
              request.setRequestId("write-" + number);
              request
                  .getContactBuilder()
                  .addIdentities(Values.email("p" + number + "@example.com"));
            });
        return;
      } catch (SalesException lost) {
        assertEquals("UNAVAILABLE", lost.code().name());
      }
    }
  }

  private void kill(int times) {
    Random random = new Random();
    killer =
        new Thread(
            () -> {
              for (int i = 0; i < times && !done.get(); i++) {
                Salesd.pause(random.nextInt(50, 250));
                server.kill();
                Salesd.pause(50);
                server.start();
              }
            });
    killer.start();
  }

  private static Stream<ImportLeadsRequest> rows() {
    return IntStream.range(0, ROWS)
        .mapToObj(
            number -> {
              ImportLeadsRequest.Builder row = ImportLeadsRequest.newBuilder().setRow(number);
              row.getCaptureBuilder()
                  .setReceiveTime(
                      Values.timestamp(
                          Instant.parse("2025-01-01T00:00:00Z").plusSeconds(3600L * number)))
                  .getContactBuilder()
                  .addIdentities(Values.email("row" + number + "@example.com"));
              row.getCaptureBuilder().getLeadBuilder().setExternalId("row-" + number);
              return row.build();
            });
  }
}
