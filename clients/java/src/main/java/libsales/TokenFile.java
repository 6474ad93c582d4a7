package libsales;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Executor;

/** A bearer token that stands in a file, read anew when the file changes. */
final class TokenFile extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** What tells one state of the file from another. */
  private record State(Object key, Object time, long size) {}

  private final Path file;
  private State state;
  private String token = "";

  TokenFile(Path file) {
    this.file = file;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    Metadata headers = new Metadata();
    try {
      headers.put(AUTHORIZATION, "Bearer " + token());
    } catch (IOException unreadable) {
      applier.fail(
          Status.UNAUTHENTICATED
              .withDescription("the token file " + file + " cannot be read")
              .withCause(unreadable));
      return;
    }
    applier.apply(headers);
  }

  private synchronized String token() throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    State found = new State(now.fileKey(), now.lastModifiedTime(), now.size());
    if (!found.equals(state)) {
      token = Files.readString(file).strip();
      state = found;
    }
    return token;
  }
}
