"""The reports of speed, declines and referrals against the real server."""

from __future__ import annotations

import pytest

import libsales
from libsales import v1


def capture(
    sales: libsales.Client, name: str, lead: v1.Lead | None = None
) -> v1.CaptureLeadResponse:
    return sales.capture_lead(
        contact=v1.Contact(identities=[libsales.email(f"{name}@example.com")]),
        lead=lead or v1.Lead(need="x"),
    )


def test_speed_counts_what_was_answered(sales: libsales.Client) -> None:
    lead = capture(sales, "ivan").lead
    capture(sales, "olga")
    call = v1.Activity(kind=v1.Activity.KIND_CALL, direction=v1.Activity.DIRECTION_OUT)
    sales.log_activity(parent=lead.name, activity=call)
    report = sales.report_speed()
    assert (report.response.asked, report.response.done, report.response.open) == (2, 1, 1)
    assert [within.done for within in report.response.within] == [1, 1, 1, 1, 1]
    assert sum(hour.response.asked for hour in report.hours) == 2
    with pytest.raises(libsales.NotFound) as caught:
        sales.report_speed(filter=v1.ReportFilter(team=sales.name("teams", "west")))
    assert caught.value.reason == "TEAM_NOT_FOUND"


def test_declines_count_who_came_again(sales: libsales.Client) -> None:
    lead = capture(sales, "ivan").lead
    sales.decline_lead(
        name=lead.name,
        reason="price",
        arguments=v1.Arguments(price="two seniors"),
        alternatives="less",
    )
    capture(sales, "ivan")
    report = sales.report_declines()
    assert report.total.declined == 1
    assert report.total.returned.numerator == 1
    assert [reason.key for reason in report.reasons] == ["price"]


def test_referrals_count_generations(sales: libsales.Client) -> None:
    ivan = capture(sales, "ivan").contact
    olga = capture(sales, "olga", v1.Lead(need="x", referrer=ivan.name)).contact
    capture(sales, "petr", v1.Lead(need="x", referrer=olga.name))
    report = sales.report_referrals(contacts_max=10)
    assert report.total.leads == 2
    assert [one.generation for one in report.generations] == [1, 2]
    assert report.contacts[0].all.leads == 2
