"""An import is done once, however often it is begun."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import salesd

import libsales
from libsales import v1

_ROWS = 6000
_BEGIN = datetime(2025, 1, 1, tzinfo=timezone.utc)
_RESULT = v1.ImportLeadsResponse


def row(number: int) -> v1.ImportLeadsRequest:
    received = _BEGIN + timedelta(hours=number)
    request = v1.ImportLeadsRequest(
        row=number,
        capture=v1.CaptureLeadRequest(
            lead=v1.Lead(external_id=f"row-{number}", need="a site"),
            contact=v1.Contact(identities=[libsales.email(f"row{number}@example.com")]),
            receive_time=libsales.timestamp(received),
        ),
    )
    if number % 5 == 0:
        request.steps.add(
            occur_time=libsales.timestamp(received + timedelta(days=2)),
            win=v1.WinLeadRequest(
                value=libsales.money(100 + number, "EUR"), override_reason="import"
            ),
        )
    return request


def test_rows_have_results_in_their_order(sales: libsales.Client) -> None:
    broken = v1.ImportLeadsRequest(row=3)
    rows = [row(1), row(2), broken, row(5), row(2)]
    results = list(sales.import_leads(rows))
    assert [result.row for result in results] == [1, 2, 3, 5, 2]
    assert [result.result for result in results] == [
        _RESULT.RESULT_IMPORTED,
        _RESULT.RESULT_IMPORTED,
        _RESULT.RESULT_REJECTED,
        _RESULT.RESULT_IMPORTED,
        _RESULT.RESULT_UNCHANGED,
    ]
    assert results[2].reason == "FIELD_REQUIRED"
    assert sales.get_lead(name=results[3].lead).state == v1.LEAD_STATE_WON


def test_an_external_id_with_other_content_is_rejected(sales: libsales.Client) -> None:
    other = row(1)
    other.capture.lead.need = "a shop"
    first, second = sales.import_leads([row(1), other])
    assert first.result == _RESULT.RESULT_IMPORTED
    assert (second.result, second.reason) == (_RESULT.RESULT_REJECTED, "EXTERNAL_ID_TAKEN")


def test_an_import_goes_on_after_the_server_was_killed(
    own_server: salesd.Salesd, salesctl_program: Path
) -> None:
    with own_server.connect("studio") as sales:
        sales.create_workspace(workspace_id="studio")
        done = threading.Event()

        def disturb() -> None:
            for _ in range(4):
                if done.wait(random.uniform(0.05, 0.25)):
                    return
                own_server.kill()
                time.sleep(0.05)
                own_server.start()

        disturbance = threading.Thread(target=disturb)
        disturbance.start()
        results = list(sales.import_leads(row(number) for number in range(_ROWS)))
        done.set()
        disturbance.join()
        missed = [number for number, result in enumerate(results) if result.row != number]
        assert (missed[:5], len(results)) == ([], _ROWS)
        counts = Counter(_RESULT.Result.Name(result.result) for result in results)
        assert not counts["RESULT_REJECTED"], next(r for r in results if r.reason)
        again = Counter(result.result for result in sales.import_leads(map(row, range(_ROWS))))
        assert again == {_RESULT.RESULT_UNCHANGED: _ROWS}
        funnel = sales.report_funnel()
        assert (funnel.received, funnel.outcomes.won) == (_ROWS, _ROWS / 5)
    own_server.kill()
    assert not own_server.faults(salesctl_program)


def test_rows_are_read_as_they_are_sent(sales: libsales.Client) -> None:
    read = 0

    def rows() -> Iterator[v1.ImportLeadsRequest]:
        nonlocal read
        for number in range(2500):
            read += 1
            yield row(number)

    next(sales.import_leads(rows()))
    assert read == 1000
