"""Money and time: between the messages' whole numbers and Python's types."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from google.protobuf.timestamp_pb2 import Timestamp

from libsales import v1

# ISO 4217 currencies whose minor unit is not a hundredth.
_DIGITS = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
_DIGITS.update(dict.fromkeys(("CLF", "UYW"), 4))
_NO_DIGITS = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX")
_DIGITS.update(dict.fromkeys((*_NO_DIGITS, "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0))


def money(value: Decimal | int | str, currency_code: str) -> v1.Money:
    """`money("12.34", "EUR")`. More decimals than the currency has are a ValueError."""
    minor = Decimal(value).scaleb(_DIGITS.get(currency_code, 2))
    if minor != minor.to_integral_value():
        raise ValueError(f"{currency_code} has {_DIGITS.get(currency_code, 2)} decimals: {value}")
    return v1.Money(currency_code=currency_code, minor_units=int(minor))


def amount(value: v1.Money) -> Decimal:
    """Give the amount in the currency's main unit: 1234 minor units of EUR are 12.34."""
    return Decimal(value.minor_units).scaleb(-_DIGITS.get(value.currency_code, 2))


def timestamp(value: datetime) -> Timestamp:
    """Give the instant of a datetime with a time zone; one without is a ValueError."""
    if value.tzinfo is None:
        raise ValueError("a datetime without a time zone is no instant")
    result = Timestamp()
    result.FromDatetime(value)
    return result


def instant(value: Timestamp) -> datetime:
    """Give the UTC datetime of a message's time."""
    return value.ToDatetime(timezone.utc)


def email(value: str) -> v1.Identity:
    """Give an e-mail address as an identity."""
    return v1.Identity(kind=v1.Identity.KIND_EMAIL, value=value)


def phone(value: str) -> v1.Identity:
    """Give a phone number; without a country code it is read in the workspace's region."""
    return v1.Identity(kind=v1.Identity.KIND_PHONE, value=value)


def messenger(value: str, service: str) -> v1.Identity:
    """Give a name in a messenger service: `messenger("@ivan", "telegram")`."""
    return v1.Identity(kind=v1.Identity.KIND_MESSENGER, value=value, source=service)


def external(value: str, source: str) -> v1.Identity:
    """Give an id that another system knows the person by: `external("17", "crm")`."""
    return v1.Identity(kind=v1.Identity.KIND_EXTERNAL, value=value, source=source)
