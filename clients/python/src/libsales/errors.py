"""What salesd refuses a call with: a class for each canonical code, the reason inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2


@dataclass(frozen=True)
class FieldViolation:
    """What is wrong with one field of the request."""

    # A path: "contact.identities[0].value".
    field: str
    description: str


@dataclass(frozen=True)
class MissingCondition:
    """A condition of the funnel policy that the lead does not meet."""

    # In the policy's words: "requirements_agreed", "interest >= 50".
    condition: str
    # The stage whose entry asks for it.
    stage: str
    description: str


class Error(Exception):
    """A call that was not answered as asked. Decide by the class, or by `reason`."""

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        fields: Sequence[FieldViolation] = (),
        missing: Sequence[MissingCondition] = (),
        retry_delay: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        # From the published list, such as "ETAG_MISMATCH"; empty if the server never saw the call.
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.fields = list(fields)
        self.missing = list(missing)
        # After how many seconds trying again may help, if the server said so; else 0.
        self.retry_delay = retry_delay

    def __str__(self) -> str:
        """`GUARD_UNMET: what is wrong and what to do`."""
        return f"{self.reason or self.code.name}: {self.message}"

    @staticmethod
    def from_rpc(error: grpc.RpcError) -> Error:
        """Read the status that gRPC carries, and the details in its trailing metadata."""
        if not isinstance(error, grpc.Call):
            return Error(str(error))
        code = error.code() or grpc.StatusCode.UNKNOWN
        message, reason = error.details() or "", ""
        metadata: dict[str, str] = {}
        fields: list[FieldViolation] = []
        missing: list[MissingCondition] = []
        retry_delay = 0.0
        for detail in _details(error):
            info = error_details_pb2.ErrorInfo()
            request = error_details_pb2.BadRequest()
            precondition = error_details_pb2.PreconditionFailure()
            retry = error_details_pb2.RetryInfo()
            if detail.Unpack(info):
                reason, metadata = info.reason, dict(info.metadata)
            elif detail.Unpack(request):
                fields += [FieldViolation(v.field, v.description) for v in request.field_violations]
            elif detail.Unpack(precondition):
                missing += [_missing(violation) for violation in precondition.violations]
            elif detail.Unpack(retry):
                retry_delay = retry.retry_delay.ToTimedelta().total_seconds()
        return _CLASSES.get(code, Error)(
            message,
            code=code,
            reason=reason,
            metadata=metadata,
            fields=fields,
            missing=missing,
            retry_delay=retry_delay,
        )


class InvalidArgument(Error):
    """The request is wrong whatever the state of the record."""


class NotFound(Error):
    """There is no such resource."""


class AlreadyExists(Error):
    """The id, or the identity, is taken."""


class Aborted(Error):
    """Somebody else was first: read again and decide anew."""


class FailedPrecondition(Error):
    """The record's state does not allow it; `missing` names each condition unmet."""


class OutOfRange(Error):
    """The revision is not kept any more."""


class ResourceExhausted(Error):
    """Too much at once: wait for `retry_delay` seconds. Or the store is full."""


class Unavailable(Error):
    """The server is not reached, or is shutting down; retried already, may be tried again."""


class DeadlineExceeded(Error):
    """No answer in time: whether it was done is unknown; repeat it with the same request_id."""


class PermissionDenied(Error):
    """The caller may not do this."""


class Unauthenticated(Error):
    """The server does not know the caller."""


class DataLoss(Error):
    """The store is corrupt."""


class Internal(Error):
    """A bug in the server, whose log has the cause."""


_CLASSES: dict[grpc.StatusCode, type[Error]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.ALREADY_EXISTS: AlreadyExists,
    grpc.StatusCode.ABORTED: Aborted,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPrecondition,
    grpc.StatusCode.OUT_OF_RANGE: OutOfRange,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhausted,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDenied,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.DATA_LOSS: DataLoss,
    grpc.StatusCode.INTERNAL: Internal,
}


def _missing(violation: error_details_pb2.PreconditionFailure.Violation) -> MissingCondition:
    # The description is "condition: what it asks for", or the condition alone.
    condition, _, description = violation.description.partition(": ")
    return MissingCondition(condition, violation.subject, description)


def _details(call: grpc.Call) -> list[Any]:
    for key, value in call.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            return list(status_pb2.Status.FromString(value).details)
    return []
