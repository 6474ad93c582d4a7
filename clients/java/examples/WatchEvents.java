import java.util.stream.Stream;
import libsales.SalesClient;
import sales.v1.Event;
import sales.v1.WatchEventsResponse;

/**
 * Prints what happens in a workspace, from the beginning and on; interrupt to stop.
 *
 * <p>Usage: WatchEvents [HOST:PORT] [WORKSPACE] [AFTER_REVISION]
 */
public final class WatchEvents {
  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:8443";
    String workspace = args.length > 1 ? args[1] : "studio";
    long afterRevision = args.length > 2 ? Long.parseLong(args[2]) : 0;
    // [watch]
    try (SalesClient sales = SalesClient.to(target).workspace(workspace).connect();
        Stream<WatchEventsResponse> watch = sales.watch(afterRevision)) {
      watch.forEach(
          batch -> {
            for (Event event : batch.getEventsList()) {
              String about = event.getLead().isEmpty() ? event.getSubject() : event.getLead();
              System.out.println(event.getRevision() + " " + event.getType() + " " + about);
            }
            // Keep batch.getRevision(): it is where to go on after a restart.
          });
    }
    // [/watch]
  }

  private WatchEvents() {}
}
