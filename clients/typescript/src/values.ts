import { create, fromJson, toJson } from "@bufbuild/protobuf";
import {
  type Timestamp,
  TimestampSchema,
  timestampDate,
  timestampFromDate,
} from "@bufbuild/protobuf/wkt";

import { type Money, MoneySchema } from "./gen/sales/v1/common_pb.js";
import { type Identity, Identity_Kind, IdentitySchema } from "./gen/sales/v1/contact_pb.js";

// ISO 4217 currencies whose minor unit is not a hundredth.
const DIGITS = new Map<string, number>([
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3] as const),
  ..."CLF UYW".split(" ").map((code) => [code, 4] as const),
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((code) => [code, 0] as const),
]);

/**
 * An amount from decimal text in the currency's main unit: `money("12.34", "EUR")` is 1234 minor
 * units. More decimals than the currency has are a `RangeError`. An amount that is in minor units
 * already needs no help: `{ currencyCode: "EUR", minorUnits: 1234n }`.
 */
export function money(value: string, currencyCode: string): Money {
  const digits = DIGITS.get(currencyCode) ?? 2;
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!parts) throw new RangeError(`not a decimal number: ${value}`);
  const [, sign = "", whole = "", decimals = ""] = parts;
  if (decimals.length > digits) {
    throw new RangeError(`${currencyCode} has ${digits} decimals: ${value}`);
  }
  const minorUnits = BigInt(sign + whole + decimals.padEnd(digits, "0"));
  return create(MoneySchema, { currencyCode, minorUnits });
}

/** The amount as decimal text in the currency's main unit: 1234 minor units of EUR are `"12.34"`. */
export function amount(value: Money): string {
  const digits = DIGITS.get(value.currencyCode) ?? 2;
  const sign = value.minorUnits < 0n ? "-" : "";
  const text = value.minorUnits
    .toString()
    .replace("-", "")
    .padStart(digits + 1, "0");
  const whole = text.length - digits;
  return sign + text.slice(0, whole) + (digits ? `.${text.slice(whole)}` : "");
}

/**
 * The instant of a `Date`, or of RFC 3339 text with a zone, such as
 * `2026-03-01T10:00:00.123456+01:00`. Text keeps microseconds, which a `Date` cannot hold.
 */
export function timestamp(value: Date | string): Timestamp {
  return typeof value === "string" ? fromJson(TimestampSchema, value) : timestampFromDate(value);
}

/**
 * The `Date` of a message's time. A `Date` counts milliseconds and the server microseconds: to
 * compare two times, or to send one back, keep the message or its text (`isoTime`).
 */
export function instant(value: Timestamp): Date {
  return timestampDate(value);
}

/** A message's time as RFC 3339 text in UTC, with as many decimals as it has. */
export function isoTime(value: Timestamp): string {
  return toJson(TimestampSchema, value);
}

/** An e-mail address as an identity. */
export function email(value: string): Identity {
  return create(IdentitySchema, { kind: Identity_Kind.EMAIL, value });
}

/** A phone number; without a country code it is read in the workspace's region. */
export function phone(value: string): Identity {
  return create(IdentitySchema, { kind: Identity_Kind.PHONE, value });
}

/** A name in a messenger service: `messenger("@ivan", "telegram")`. */
export function messenger(value: string, service: string): Identity {
  return create(IdentitySchema, { kind: Identity_Kind.MESSENGER, value, source: service });
}

/** An id that another system knows the person by: `external("17", "crm")`. */
export function external(value: string, source: string): Identity {
  return create(IdentitySchema, { kind: Identity_Kind.EXTERNAL, value, source });
}
