package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sales.v1.ImportLeadsRequest;

/** The scenarios that every door passes, through this client. */
class ScenarioTest {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\w+)\\}");
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence();

  private static final Map<String, String> RESULTS = new TreeMap<>();

  static List<String> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(Salesd.REPOSITORY.resolve("tests/scenarios"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    }
  }

  /** Tells which scenarios passed, for the table in clients/README.md. */
  @AfterAll
  static void writeResults() throws IOException {
    Path file = Salesd.REPOSITORY.resolve("build/scenarios/java.txt");
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        RESULTS.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void scenario(String name) throws IOException {
    RESULTS.put(name, "failed");
    Path file = Salesd.REPOSITORY.resolve("tests/scenarios/" + name + ".json");
    JsonObject scenario = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    Map<String, String> saved = new HashMap<>(Map.of("unique", Salesd.unique()));
    try (SalesClient sales = SalesClient.to(Salesd.shared().target()).connect()) {
      int number = 0;
      for (JsonElement step : scenario.getAsJsonArray("steps")) {
        String place = "step " + number++ + ", " + step.getAsJsonObject().get("call");
        play(sales, filled(step, saved).getAsJsonObject(), saved, place);
      }
    }
    RESULTS.put(name, "passed");
  }

  private static void play(
      SalesClient sales, JsonObject step, Map<String, String> saved, String place)
      throws IOException {
    JsonObject error = step.getAsJsonObject("error");
    SalesClient caller =
        step.has("actor") ? sales.withActor(step.get("actor").getAsString()) : sales;
    JsonObject request = step.has("request") ? step.getAsJsonObject("request") : new JsonObject();
    JsonObject answer;
    try {
      answer = call(caller, step.get("call").getAsString(), request);
    } catch (SalesException refused) {
      assertNotNull(error, place + ": " + refused);
      assertRefused(error, refused, place);
      return;
    }
    assertNull(error, place + ": was answered " + answer);
    if (step.has("expect")) {
      assertHas(step.get("expect"), answer, place);
    }
    if (step.has("save")) {
      step.getAsJsonObject("save")
          .entrySet()
          .forEach(e -> saved.put(e.getKey(), found(answer, e.getValue().getAsString())));
    }
  }

  private static void assertRefused(JsonObject error, SalesException refused, String place) {
    assertEquals(error.get("code").getAsString(), refused.code().name(), place);
    assertEquals(error.get("reason").getAsString(), refused.reason(), place);
    assertSame(error, "missing", refused.missing().stream().map(m -> m.condition()), place);
    assertSame(error, "fields", refused.fields().stream().map(f -> f.field()), place);
    if (error.has("metadata")) {
      JsonObject metadata = new JsonObject();
      refused.metadata().forEach(metadata::addProperty);
      assertHas(error.get("metadata"), metadata, place);
    }
  }

  private static void assertSame(
      JsonObject error, String key, Stream<String> actual, String place) {
    if (error.has(key)) {
      List<String> expected =
          StreamSupport.stream(error.getAsJsonArray(key).spliterator(), false)
              .map(JsonElement::getAsString)
              .sorted()
              .toList();
      assertEquals(expected, actual.sorted().toList(), place);
    }
  }

  /** Makes a call by name; gives the answer as JSON with every field. */
  private static JsonObject call(SalesClient sales, String name, JsonObject fields)
      throws IOException {
    if (name.equals("LeadService.ImportLeads")) {
      Stream<ImportLeadsRequest> rows =
          StreamSupport.stream(fields.getAsJsonArray("requests").spliterator(), false)
              .map(row -> (ImportLeadsRequest) message(ImportLeadsRequest.newBuilder(), row));
      JsonArray answers = new JsonArray();
      sales.importLeads(rows).map(ScenarioTest::json).forEach(answers::add);
      JsonObject answer = new JsonObject();
      answer.add("responses", answers);
      return answer;
    }
    return json(call(sales, method(name), fields));
  }

  private static <Q extends Message, A extends Message> A call(
      SalesClient sales, MethodDescriptor<Q, A> method, JsonObject fields) {
    PrototypeMarshaller<Q> requests = (PrototypeMarshaller<Q>) method.getRequestMarshaller();
    Message request = message(requests.getMessagePrototype().newBuilderForType(), fields);
    return sales.call(method, requests.getMessageClass().cast(request));
  }

  @SuppressWarnings("unchecked")
  static MethodDescriptor<Message, Message> method(String name) {
    String[] parts = name.split("\\.");
    try {
      ServiceDescriptor service =
          (ServiceDescriptor)
              Class.forName("sales.v1." + parts[0] + "Grpc")
                  .getMethod("getServiceDescriptor")
                  .invoke(null);
      return (MethodDescriptor<Message, Message>)
          service.getMethods().stream()
              .filter(method -> method.getBareMethodName().equals(parts[1]))
              .findAny()
              .orElseThrow();
    } catch (ReflectiveOperationException error) {
      throw new IllegalArgumentException(name, error);
    }
  }

  private static Message message(Message.Builder builder, JsonElement fields) {
    try {
      JsonFormat.parser().merge(fields.toString(), builder);
      return builder.build();
    } catch (InvalidProtocolBufferException error) {
      throw new IllegalArgumentException(fields.toString(), error);
    }
  }

  private static JsonObject json(Message message) {
    try {
      return JsonParser.parseString(PRINTER.print(message)).getAsJsonObject();
    } catch (InvalidProtocolBufferException error) {
      throw new IllegalArgumentException(error);
    }
  }

  /** Puts what was saved in the place of each ${name}. */
  private static JsonElement filled(JsonElement value, Map<String, String> saved) {
    if (value.isJsonObject()) {
      JsonObject filled = new JsonObject();
      for (Map.Entry<String, JsonElement> member : value.getAsJsonObject().entrySet()) {
        filled.add(filled(member.getKey(), saved), filled(member.getValue(), saved));
      }
      return filled;
    }
    if (value.isJsonArray()) {
      JsonArray filled = new JsonArray();
      value.getAsJsonArray().forEach(item -> filled.add(filled(item, saved)));
      return filled;
    }
    boolean isText = value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    return isText ? new JsonPrimitive(filled(value.getAsString(), saved)) : value;
  }

  private static String filled(String text, Map<String, String> saved) {
    return REFERENCE
        .matcher(text)
        // What a later step saves is not there yet.
        .replaceAll(m -> Matcher.quoteReplacement(saved.getOrDefault(m.group(1), m.group())));
  }

  /** Gives the text at "lead.visits.0.stage". */
  private static String found(JsonElement value, String path) {
    for (String key : path.split("\\.")) {
      value =
          value.isJsonArray()
              ? value.getAsJsonArray().get(Integer.parseInt(key))
              : value.getAsJsonObject().get(key);
    }
    return value.getAsString();
  }

  /** Checks that `actual` has what `expected` lists; it may have more fields. */
  private static void assertHas(JsonElement expected, JsonElement actual, String path) {
    if (expected.isJsonObject() && actual != null && actual.isJsonObject()) {
      expected
          .getAsJsonObject()
          .entrySet()
          .forEach(
              e ->
                  assertHas(
                      e.getValue(),
                      actual.getAsJsonObject().get(e.getKey()),
                      path + "." + e.getKey()));
    } else if (expected.isJsonArray() && actual != null && actual.isJsonArray()) {
      assertEquals(expected.getAsJsonArray().size(), actual.getAsJsonArray().size(), path);
      for (int i = 0; i < expected.getAsJsonArray().size(); i++) {
        assertHas(
            expected.getAsJsonArray().get(i),
            actual.getAsJsonArray().get(i),
            path + "[" + i + "]");
      }
    } else if (actual != null && isNumber(expected) && isNumber(actual)) {
      double wanted = expected.getAsDouble();
      assertEquals(wanted, actual.getAsDouble(), Math.abs(wanted) * 1e-9, path);
    } else {
      assertEquals(expected, actual, path);
    }
  }

  private static boolean isNumber(JsonElement value) {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
  }
}
