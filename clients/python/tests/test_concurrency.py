"""Many at once: each fact is recorded once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Callable, TypeVar

import salesd

import libsales
from libsales import v1

T = TypeVar("T")


def together(works: Sequence[Callable[[], T]]) -> list[T | libsales.Error]:
    """Do all of it at the same moment; an error is a result."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T | libsales.Error:
        barrier.wait()
        try:
            return work()
        except libsales.Error as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def person(number: int) -> v1.Contact:
    return v1.Contact(identities=[libsales.email(f"person{number}@example.com")])


def test_32_clients_capturing_the_same_100_people_make_100_contacts(
    server: salesd.Salesd, sales: libsales.Client
) -> None:
    workspace = sales.workspace.partition("/")[2]
    with ExitStack() as stack:
        clients = [stack.enter_context(server.connect(workspace)) for _ in range(32)]

        def work(client: libsales.Client) -> Callable[[], list[v1.CaptureLeadResponse]]:
            patient = client.at(timeout=60)
            return lambda: [patient.capture_lead(contact=person(n)) for n in range(100)]

        results = together([work(client) for client in clients])
    contacts: list[set[str]] = [set() for _ in range(100)]
    created = 0
    for result in results:
        assert isinstance(result, list), result
        for number, captured in enumerate(result):
            contacts[number].add(captured.contact.name)
            created += captured.contact_created
    assert [len(names) for names in contacts] == [1] * 100
    assert created == 100
    listed = list(sales.list_contacts(page_size=1000))
    assert len(listed) == 100
    assert {contact.lead_count for contact in listed} == {32}
    assert sum(1 for _ in sales.list_leads(page_size=1000)) == 3200


def test_of_two_moves_with_one_etag_one_wins(sales: libsales.Client) -> None:
    for number in range(25):
        lead = sales.capture_lead(contact=person(number)).lead

        def advance(client: libsales.Client, lead: v1.Lead = lead) -> Callable[[], v1.Lead]:
            return lambda: client.advance_lead(
                name=lead.name, stage="contacted", override_reason="test", etag=lead.etag
            )

        results = together([advance(sales.at(actor="anna")), advance(sales.at(actor="boris"))])
        winners = [result for result in results if isinstance(result, v1.Lead)]
        losers = [result for result in results if isinstance(result, libsales.Aborted)]
        assert (len(winners), len(losers)) == (1, 1), results
        assert losers[0].reason == "ETAG_MISMATCH"
        assert sales.get_lead(name=lead.name) == winners[0]


def test_one_request_sent_100_times_at_once_has_one_effect(sales: libsales.Client) -> None:
    lead = sales.capture_lead(contact=person(1)).lead
    before = sales.get_workspace(name=sales.workspace).revision
    call = "hundredfold"
    captures = together([lambda: sales.capture_lead(contact=person(2), request_id=call)] * 100)
    declines = together(
        [
            lambda: sales.decline_lead(
                name=lead.name,
                reason="price",
                arguments=v1.Arguments(price="two designers"),
                alternatives="a site builder",
                request_id="declined-once",
            )
        ]
        * 100
    )
    for results in (captures, declines):
        assert not [result for result in results if isinstance(result, libsales.Error)]
        assert all(result == results[0] for result in results)
    assert sales.get_workspace(name=sales.workspace).revision == before + 2
    assert sum(1 for _ in sales.list_leads()) == 2
