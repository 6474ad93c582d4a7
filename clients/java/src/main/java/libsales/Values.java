package libsales;

import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import sales.v1.Identity;
import sales.v1.Money;

/** Money, time and identities: between the messages' whole numbers and Java's types. */
public final class Values {
  private Values() {}

  /**
   * Gives an amount of money: {@code money("12.34", "EUR")}.
   *
   * @param value in the currency's main unit
   * @param currencyCode of ISO 4217
   * @return the amount in whole minor units
   * @throws IllegalArgumentException if the value has more decimals than the currency
   */
  public static Money money(String value, String currencyCode) {
    return money(new BigDecimal(value), currencyCode);
  }

  /**
   * Gives an amount of money.
   *
   * @param value in the currency's main unit
   * @param currencyCode of ISO 4217
   * @return the amount in whole minor units
   * @throws IllegalArgumentException if the value has more decimals than the currency
   */
  public static Money money(BigDecimal value, String currencyCode) {
    int digits = digits(currencyCode);
    try {
      return Money.newBuilder()
          .setCurrencyCode(currencyCode)
          .setMinorUnits(value.movePointRight(digits).longValueExact())
          .build();
    } catch (ArithmeticException inexact) {
      throw new IllegalArgumentException(
          currencyCode + " has " + digits + " decimals: " + value.toPlainString(), inexact);
    }
  }

  /**
   * Gives the amount in the currency's main unit: 1234 minor units of EUR are 12.34.
   *
   * @param money of a message
   * @return with as many decimals as the currency has
   */
  public static BigDecimal amount(Money money) {
    return BigDecimal.valueOf(money.getMinorUnits(), digits(money.getCurrencyCode()));
  }

  private static int digits(String currencyCode) {
    try {
      int digits = Currency.getInstance(currencyCode).getDefaultFractionDigits();
      return digits < 0 ? 2 : digits;
    } catch (IllegalArgumentException unknown) {
      return 2;
    }
  }

  /**
   * Gives an instant as messages have it.
   *
   * @param instant to the nanosecond
   * @return the same
   */
  public static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /**
   * Gives the instant of a message's time.
   *
   * @param timestamp of a message
   * @return the same
   */
  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  /**
   * Gives an e-mail address as an identity.
   *
   * @param address in any case
   * @return an identity
   */
  public static Identity email(String address) {
    return identity(Identity.Kind.KIND_EMAIL, address, "");
  }

  /**
   * Gives a phone number as an identity.
   *
   * @param number without a country code it is read in the workspace's region
   * @return an identity
   */
  public static Identity phone(String number) {
    return identity(Identity.Kind.KIND_PHONE, number, "");
  }

  /**
   * Gives a name in a messenger service: {@code messenger("@ivan", "telegram")}.
   *
   * @param name as the service has it
   * @param service which one
   * @return an identity
   */
  public static Identity messenger(String name, String service) {
    return identity(Identity.Kind.KIND_MESSENGER, name, service);
  }

  /**
   * Gives an id that another system knows the person by: {@code external("17", "crm")}.
   *
   * @param id as the system has it
   * @param source which system
   * @return an identity
   */
  public static Identity external(String id, String source) {
    return identity(Identity.Kind.KIND_EXTERNAL, id, source);
  }

  private static Identity identity(Identity.Kind kind, String value, String source) {
    return Identity.newBuilder().setKind(kind).setValue(value).setSource(source).build();
  }
}
