"""libsales: a client of salesd. Start at `connect`; the messages are in `libsales.v1`."""

from libsales.client import Client, connect
from libsales.errors import (
    Aborted,
    AlreadyExists,
    DataLoss,
    DeadlineExceeded,
    Error,
    FailedPrecondition,
    FieldViolation,
    Internal,
    InvalidArgument,
    MissingCondition,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
)
from libsales.values import amount, email, external, instant, messenger, money, phone, timestamp
from libsales.version import __version__

__all__ = [
    "Aborted",
    "AlreadyExists",
    "Client",
    "DataLoss",
    "DeadlineExceeded",
    "Error",
    "FailedPrecondition",
    "FieldViolation",
    "Internal",
    "InvalidArgument",
    "MissingCondition",
    "NotFound",
    "OutOfRange",
    "PermissionDenied",
    "ResourceExhausted",
    "Unauthenticated",
    "Unavailable",
    "__version__",
    "amount",
    "connect",
    "email",
    "external",
    "instant",
    "messenger",
    "money",
    "phone",
    "timestamp",
]
