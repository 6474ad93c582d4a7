import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import libsales.SalesClient;
import sales.v1.GetWorkspaceRequest;
import sales.v1.WorkspaceServiceGrpc;

/** What a call costs through the client, and through the bare stub: alternating, in one process. */
public final class Bench {
  // Short rounds: what else the machine does meets both.
  private static final int ROUNDS = 1000;
  private static final int CALLS = 10;
  private static final int WARM_UP_ROUNDS = 600;

  public static void main(String[] args) throws InterruptedException {
    String target = args[0];
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    try (SalesClient sales = SalesClient.to(target).workspace("bench").connect()) {
      sales.createWorkspace(request -> request.setWorkspaceId("bench"));
      String name = sales.name();
      var stub = WorkspaceServiceGrpc.newBlockingStub(channel);
      Runnable bare =
          () ->
              stub.withDeadlineAfter(10, TimeUnit.SECONDS)
                  .getWorkspace(GetWorkspaceRequest.newBuilder().setName(name).build());
      Runnable wrapped = () -> sales.getWorkspace(request -> request.setName(name));
      double[] bareMicros = new double[ROUNDS];
      double[] wrappedMicros = new double[ROUNDS];
      for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        double first = micros(bare);
        double second = micros(wrapped);
        if (round >= 0) {
          bareMicros[round] = first;
          wrappedMicros[round] = second;
        }
      }
      double stubMedian = median(bareMicros);
      double clientMedian = median(wrappedMicros);
      System.out.printf(
          "java: stub %.1f us, client %.1f us, ratio %.3f%n",
          stubMedian, clientMedian, clientMedian / stubMedian);
    } finally {
      channel.shutdownNow();
    }
  }

  private static double micros(Runnable call) {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    return (System.nanoTime() - start) / 1e3 / CALLS;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Bench() {}
}
