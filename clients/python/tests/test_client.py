"""What the client adds to the stubs, seen from a gRPC server that misbehaves on purpose."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

import libsales
from libsales import v1
from libsales.v1.event_pb2_grpc import EventServiceServicer, add_EventServiceServicer_to_server
from libsales.v1.lead_pb2_grpc import LeadServiceServicer, add_LeadServiceServicer_to_server

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


class Capricious(LeadServiceServicer, EventServiceServicer):
    """Records what it is sent, and does what a test put in `behave`."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.metadata: list[dict[str, str]] = []
        self.behave: Callable[[int, Any, Any], Any] = lambda number, request, context: None

    def _serve(self, request: Any, context: Any) -> Any:
        self.requests.append(request)
        self.metadata.append(dict(context.invocation_metadata()))
        return self.behave(len(self.requests), request, context)

    def AdvanceLead(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._serve(request, context) or v1.Lead(name=request.name)

    def ListLeads(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._serve(request, context)

    def WatchEvents(self, request: Any, context: Any) -> Any:  # noqa: N802
        yield from self._serve(request, context)

    def ImportLeads(self, request_iterator: Any, context: Any) -> Any:  # noqa: N802
        yield from self._serve(request_iterator, context)


@pytest.fixture
def server() -> Iterator[tuple[Capricious, libsales.Client]]:
    servicer = Capricious()  # type: ignore[abstract]
    with ThreadPoolExecutor(4) as pool:
        grpc_server = grpc.server(pool)
        add_LeadServiceServicer_to_server(servicer, grpc_server)
        add_EventServiceServicer_to_server(servicer, grpc_server)
        port = grpc_server.add_insecure_port("127.0.0.1:0")
        grpc_server.start()
        with libsales.connect(f"127.0.0.1:{port}", workspace="studio", actor="anna") as sales:
            yield servicer, sales
        grpc_server.stop(None).wait()


Pair = tuple[Capricious, libsales.Client]


def abort_until(number: int, code: grpc.StatusCode) -> Callable[[int, Any, Any], Any]:
    def behave(count: int, request: Any, context: Any) -> Any:
        if count < number:
            context.abort(code, "try again")

    return behave


def test_a_call_says_who_calls_and_with_what(server: Pair) -> None:
    servicer, sales = server
    sales.advance_lead(name="workspaces/studio/leads/1")
    assert servicer.metadata[0]["sales-actor"] == "anna"
    assert servicer.metadata[0]["user-agent"].startswith(f"libsales-python/{libsales.__version__} ")


def test_retries_are_the_same_request(server: Pair) -> None:
    servicer, sales = server
    servicer.behave = abort_until(3, UNAVAILABLE)
    sales.advance_lead(name="workspaces/studio/leads/1", stage="contacted")
    assert len(servicer.requests) == 3
    assert len({request.request_id for request in servicer.requests}) == 1
    assert servicer.requests[0].request_id


def test_each_call_has_its_own_request_id(server: Pair) -> None:
    servicer, sales = server
    for _ in range(2):
        sales.advance_lead(name="workspaces/studio/leads/1")
    first, second = servicer.requests
    assert first.request_id != second.request_id


def test_a_request_id_that_is_given_is_kept(server: Pair) -> None:
    servicer, sales = server
    sales.advance_lead(name="workspaces/studio/leads/1", request_id="mine")
    assert servicer.requests[0].request_id == "mine"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.ABORTED, libsales.Aborted),
        (grpc.StatusCode.FAILED_PRECONDITION, libsales.FailedPrecondition),
        (grpc.StatusCode.INTERNAL, libsales.Internal),
        (grpc.StatusCode.NOT_FOUND, libsales.NotFound),
    ],
)
def test_an_answer_that_is_no_lost_call_is_not_retried(
    server: Pair, code: grpc.StatusCode, kind: type[libsales.Error]
) -> None:
    servicer, sales = server
    servicer.behave = abort_until(9, code)
    with pytest.raises(kind):
        sales.advance_lead(name="workspaces/studio/leads/1")
    assert len(servicer.requests) == 1


def test_no_answer_in_time_is_deadline_exceeded(server: Pair) -> None:
    servicer, sales = server
    servicer.behave = lambda count, request, context: time.sleep(0.5)
    with pytest.raises(libsales.DeadlineExceeded):
        sales.at(timeout=0.1).advance_lead(name="workspaces/studio/leads/1")


def test_nobody_there_is_unavailable() -> None:
    with libsales.connect("127.0.0.1:1") as sales, pytest.raises(libsales.Unavailable) as caught:
        sales.get_lead(name="workspaces/studio/leads/1")
    assert caught.value.code is UNAVAILABLE
    assert not caught.value.reason


def test_an_error_carries_its_details(server: Pair) -> None:
    servicer, sales = server

    def behave(count: int, request: Any, context: Any) -> None:
        status = status_pb2.Status(code=9, message="conditions are unmet")
        for detail in (
            error_details_pb2.ErrorInfo(
                reason="GUARD_UNMET", domain="sales.v1", metadata={"stage": "start_of_work"}
            ),
            error_details_pb2.PreconditionFailure(
                violations=[
                    error_details_pb2.PreconditionFailure.Violation(
                        type="CONDITION",
                        subject="start_of_work",
                        description="price_offered: Offer a price.",
                    )
                ]
            ),
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(field="stage", description="later")
                ]
            ),
        ):
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, status.message)

    servicer.behave = behave
    with pytest.raises(libsales.FailedPrecondition) as caught:
        sales.advance_lead(name="workspaces/studio/leads/1")
    error = caught.value
    assert str(error) == "GUARD_UNMET: conditions are unmet"
    assert error.metadata == {"stage": "start_of_work"}
    assert error.fields == [libsales.FieldViolation("stage", "later")]
    assert error.missing == [
        libsales.MissingCondition("price_offered", "start_of_work", "Offer a price.")
    ]


def test_a_list_asks_for_the_next_page_when_it_is_needed(server: Pair) -> None:
    servicer, sales = server

    def behave(count: int, request: Any, context: Any) -> Any:
        leads = [v1.Lead(name=f"{count}-{i}") for i in range(request.page_size)]
        return v1.ListLeadsResponse(leads=leads, next_page_token=f"p{count}" if count < 3 else "")

    servicer.behave = behave
    names = sales.list_leads(page_size=2, filter="interest > 50")
    assert not servicer.requests
    assert next(names).name == "1-0"
    assert len(servicer.requests) == 1
    assert [lead.name for lead in names] == ["1-1", "2-0", "2-1", "3-0", "3-1"]
    assert [request.page_token for request in servicer.requests] == ["", "p1", "p2"]
    assert {request.parent for request in servicer.requests} == {"workspaces/studio"}
    assert {request.filter for request in servicer.requests} == {"interest > 50"}


def batch(*revisions: int) -> v1.WatchEventsResponse:
    events = [v1.Event(revision=revision) for revision in revisions]
    return v1.WatchEventsResponse(events=events, revision=revisions[-1])


def test_a_watch_goes_on_after_what_it_has_given(server: Pair) -> None:
    servicer, sales = server

    def behave(count: int, request: Any, context: Any) -> Iterator[v1.WatchEventsResponse]:
        if count == 1:
            yield batch(1, 2)
            yield batch(3)
            yield v1.WatchEventsResponse(revision=3)
        if count < 9:
            context.abort(UNAVAILABLE, "the server goes away")
        yield batch(4)

    servicer.behave = behave
    watch = sales.watch()
    assert [next(watch).revision for _ in range(3)] == [2, 3, 4]
    assert servicer.requests[0].after_revision == 0
    assert {request.after_revision for request in servicer.requests[1:]} == {3}


def test_a_watch_that_is_refused_says_so(server: Pair) -> None:
    servicer, sales = server

    def behave(count: int, request: Any, context: Any) -> Iterator[v1.WatchEventsResponse]:
        context.abort(grpc.StatusCode.OUT_OF_RANGE, "older than what is kept")
        yield batch(1)

    servicer.behave = behave
    with pytest.raises(libsales.OutOfRange):
        next(sales.watch())


def test_an_import_sends_unanswered_rows_again(server: Pair) -> None:
    servicer, sales = server
    seen: list[list[int]] = []

    def behave(count: int, rows: Any, context: Any) -> Iterator[v1.ImportLeadsResponse]:
        seen.append([])
        for row in rows:
            if not seen[-1]:
                assert row.parent == "workspaces/studio"
            seen[-1].append(row.row)
            if row.row == 3 and count < 3:
                context.abort(UNAVAILABLE, "the server goes away")
            yield v1.ImportLeadsResponse(row=row.row)

    servicer.behave = behave
    rows = (v1.ImportLeadsRequest(row=number) for number in range(1, 6))
    assert [result.row for result in sales.import_leads(rows)] == [1, 2, 3, 4, 5]
    assert seen == [[1, 2, 3], [3], [3, 4, 5]]


def test_an_error_says_how_long_to_wait(server: Pair) -> None:
    servicer, sales = server

    def behave(number: int, request: Any, context: Any) -> None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(1500)
        detail = any_pb2.Any()
        detail.Pack(retry)
        status = status_pb2.Status(code=8, message="too many", details=[detail])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many")

    servicer.behave = behave
    with pytest.raises(libsales.ResourceExhausted) as caught:
        sales.advance_lead(name="workspaces/studio/leads/1")
    assert caught.value.retry_delay == 1.5
