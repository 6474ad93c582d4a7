import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";

import { amount, instant, isoTime, messenger, money, timestamp, v1 } from "../src/index.js";

test.each([
  ["12.34", "EUR", 1234n],
  ["12", "EUR", 1200n],
  ["-0.05", "EUR", -5n],
  ["500", "JPY", 500n],
  ["1.234", "KWD", 1234n],
  ["0.0001", "CLF", 1n],
  ["90000000000000.01", "EUR", 9_000_000_000_000_001n],
])("%s %s is %d minor units", (value, currencyCode, minorUnits) => {
  expect(money(value, currencyCode)).toMatchObject({ currencyCode, minorUnits });
});

test.each(["12.345", "1e3", "", ".5", "12,34", " 1", "Infinity"])(
  "%j is no amount of EUR",
  (value) => {
    expect(() => money(value, "EUR")).toThrow(RangeError);
  },
);

test.each([
  [1234n, "EUR", "12.34"],
  [5n, "EUR", "0.05"],
  [-5n, "EUR", "-0.05"],
  [0n, "EUR", "0.00"],
  [500n, "JPY", "500"],
  [9_000_000_000_000_001n, "EUR", "90000000000000.01"],
])("%d minor units of %s are %s", (minorUnits, currencyCode, text) => {
  expect(amount(create(v1.MoneySchema, { minorUnits, currencyCode }))).toBe(text);
});

test("text keeps microseconds, and its zone is read", () => {
  const time = timestamp("2026-03-01T10:00:00.123456+01:00");
  expect(isoTime(time)).toBe("2026-03-01T09:00:00.123456Z");
  expect(instant(time)).toEqual(new Date("2026-03-01T09:00:00.123Z"));
});

test("a Date comes back", () => {
  for (const date of [new Date(0), new Date("1969-12-31T23:59:59.999Z"), new Date(4e12)]) {
    expect(instant(timestamp(date))).toEqual(date);
  }
});

test("text without a zone is no instant", () => {
  expect(() => timestamp("2026-03-01T10:00:00")).toThrow();
});

test("a messenger's name says of which service", () => {
  expect(messenger("@ivan", "telegram")).toMatchObject({
    kind: v1.Identity_Kind.MESSENGER,
    value: "@ivan",
    source: "telegram",
  });
});
