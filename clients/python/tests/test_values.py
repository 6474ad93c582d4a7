"""Money and time keep what they are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

import libsales


@pytest.mark.parametrize(
    ("text", "currency", "minor_units"),
    [("12.34", "EUR", 1234), ("500", "JPY", 500), ("1.234", "KWD", 1234), ("-0.01", "EUR", -1)],
)
def test_money_is_whole_minor_units(text: str, currency: str, minor_units: int) -> None:
    money = libsales.money(text, currency)
    assert money.minor_units == minor_units
    assert libsales.amount(money) == Decimal(text)


def test_the_greatest_amount_is_exact() -> None:
    money = libsales.money("90000000000000.01", "EUR")
    assert money.minor_units == 9_000_000_000_000_001
    assert str(libsales.amount(money)) == "90000000000000.01"


@pytest.mark.parametrize(("text", "currency"), [("0.001", "EUR"), ("0.5", "JPY"), ("1e-9", "EUR")])
def test_a_fraction_of_a_minor_unit_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="decimals"):
        libsales.money(text, currency)


def test_a_time_is_the_same_instant_in_every_zone() -> None:
    moscow = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    back = libsales.instant(libsales.timestamp(moscow))
    assert back == moscow
    assert back.tzinfo == timezone.utc


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        libsales.timestamp(datetime(2026, 3, 1))
