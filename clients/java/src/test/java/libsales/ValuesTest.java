package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sales.v1.Identity;
import sales.v1.Money;

class ValuesTest {
  @ParameterizedTest
  @CsvSource({
    "12.34, EUR, 1234", "8600, EUR, 860000", "1234, JPY, 1234", "1.234, KWD, 1234",
    "0.0001, CLF, 1", "5.5, XYZ, 550", "0, RUB, 0", "92233720368547758.07, USD, 9223372036854775807"
  })
  void moneyIsWholeMinorUnitsAndBack(BigDecimal value, String currency, long minorUnits) {
    Money money = Values.money(value, currency);
    assertEquals(minorUnits, money.getMinorUnits());
    assertEquals(currency, money.getCurrencyCode());
    assertEquals(0, value.compareTo(Values.amount(money)));
  }

  @ParameterizedTest
  @CsvSource({"12.345, EUR", "0.5, JPY", "0.00001, CLF", "92233720368547758.08, USD"})
  void whatTheCurrencyCannotSayIsRefused(String value, String currency) {
    assertThrows(IllegalArgumentException.class, () -> Values.money(value, currency));
  }

  @Test
  void anAmountHasTheDecimalsOfItsCurrency() {
    assertEquals("4900.50", Values.amount(Values.money("4900.5", "EUR")).toPlainString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-29T01:00:00Z", "1969-12-31T23:59:59.999999999Z"})
  void anInstantIsKeptToTheNanosecond(Instant instant) {
    assertEquals(instant, Values.instant(Values.timestamp(instant)));
  }

  @Test
  void identitiesHaveTheirKind() {
    Map.of(
            Values.email("ivan@example.com"), Identity.Kind.KIND_EMAIL,
            Values.phone("020 624 1111"), Identity.Kind.KIND_PHONE,
            Values.messenger("@ivan", "telegram"), Identity.Kind.KIND_MESSENGER,
            Values.external("17", "crm"), Identity.Kind.KIND_EXTERNAL)
        .forEach((identity, kind) -> assertEquals(kind, identity.getKind()));
    assertEquals("telegram", Values.messenger("@ivan", "telegram").getSource());
  }
}
