"""Calls against the real server: errors, pages and repeated requests."""

from __future__ import annotations

import pytest

import libsales
from libsales import v1


def capture(sales: libsales.Client, number: int, need: str = "") -> v1.CaptureLeadResponse:
    return sales.capture_lead(
        contact=v1.Contact(identities=[libsales.email(f"p{number}@example.com")]),
        lead=v1.Lead(need=need),
    )


def test_what_is_not_there_is_not_found(sales: libsales.Client) -> None:
    with pytest.raises(libsales.NotFound) as caught:
        sales.get_lead(name=sales.name("leads", "nobody"))
    assert caught.value.reason == "LEAD_NOT_FOUND"


def test_a_refused_move_names_every_missing_condition(sales: libsales.Client) -> None:
    lead = capture(sales, 1).lead
    with pytest.raises(libsales.FailedPrecondition) as caught:
        sales.advance_lead(name=lead.name, stage="start_of_work")
    assert caught.value.reason == "GUARD_UNMET"
    missing = {condition.condition for condition in caught.value.missing}
    assert {"requirements_agreed", "price_offered"} <= missing
    assert sales.get_lead(name=lead.name) == lead


def test_a_wrong_field_is_named(sales: libsales.Client) -> None:
    with pytest.raises(libsales.InvalidArgument) as caught:
        sales.create_channel(channel_id="Not An Id")
    assert caught.value.reason == "ID_INVALID"
    assert [violation.field for violation in caught.value.fields] == ["channel_id"]


def test_an_id_that_is_taken_already_exists(sales: libsales.Client) -> None:
    sales.create_channel(channel_id="ads")
    with pytest.raises(libsales.AlreadyExists) as caught:
        sales.create_channel(channel_id="ads")
    assert caught.value.reason == "CHANNEL_EXISTS"


def test_a_stale_etag_is_aborted(sales: libsales.Client) -> None:
    lead = capture(sales, 1).lead
    sales.advance_lead(name=lead.name, stage="contacted", override_reason="t", etag=lead.etag)
    with pytest.raises(libsales.Aborted) as caught:
        sales.lose_lead(name=lead.name, reason="price", etag=lead.etag)
    assert caught.value.reason == "ETAG_MISMATCH"


def test_invalid_text_is_refused_before_it_is_sent(sales: libsales.Client) -> None:
    with pytest.raises(ValueError, match=r"surrogates|UTF-8"):
        capture(sales, 1, need="\ud800")


def test_a_list_gives_each_item_once_over_its_pages(sales: libsales.Client) -> None:
    captured = {capture(sales, number).lead.name for number in range(23)}
    for size in (1, 5, 23, 1000):
        listed = [lead.name for lead in sales.list_leads(page_size=size)]
        assert len(listed) == 23
        assert set(listed) == captured
    assert len(list(sales.list_contacts(page_size=7))) == 23


def test_events_are_numbered_without_gaps(sales: libsales.Client) -> None:
    for number in range(20):
        capture(sales, number)
    revisions = [event.revision for event in sales.list_events(page_size=3)]
    assert revisions == sorted(revisions)
    last = sales.get_workspace(name=sales.workspace).revision
    assert set(revisions) == set(range(1, last + 1))


def test_an_actor_is_kept_in_the_event(sales: libsales.Client) -> None:
    capture(sales.at(actor="boris"), 1)
    assert list(sales.list_events())[-1].actor == "boris"


def test_a_repeated_request_gives_the_same_answer_and_one_effect(sales: libsales.Client) -> None:
    contact = v1.Contact(identities=[libsales.email("eva@example.com")])
    first = sales.capture_lead(contact=contact, request_id="once")
    assert sales.capture_lead(contact=contact, request_id="once") == first
    assert len(list(sales.list_leads())) == 1


def test_a_request_id_for_something_else_is_refused(sales: libsales.Client) -> None:
    sales.create_channel(channel_id="ads", request_id="once")
    with pytest.raises(libsales.FailedPrecondition) as caught:
        sales.create_channel(channel_id="mail", request_id="once")
    assert caught.value.reason == "REQUEST_ID_REUSED"
    assert "mail" not in {c.name.rpartition("/")[2] for c in sales.list_channels()}
