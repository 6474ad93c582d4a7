package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MethodsTest {
  private static final Pattern RPC = Pattern.compile("^  rpc (\\w+)\\(", Pattern.MULTILINE);

  @Test
  void everyMethodOfTheContractIsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.list(Salesd.REPOSITORY.resolve("proto/sales/v1"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".proto")).toList()) {
        RPC.matcher(Files.readString(file))
            .results()
            .map(rpc -> rpc.group(1).substring(0, 1).toLowerCase() + rpc.group(1).substring(1))
            .forEach(missing::add);
      }
    }
    assertTrue(missing.size() > 100, "the contract was read");
    missing.removeAll(
        Arrays.stream(SalesClient.class.getMethods())
            .map(Method::getName)
            .collect(Collectors.toSet()));
    // It is called `watch`.
    assertEquals(Set.of("watchEvents"), missing);
  }
}
