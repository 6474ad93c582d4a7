"""Reports against figures made here: another formula, and a plain fold over the events."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import salesd

import libsales
from libsales import v1

# The facts that a fold goes by; events tell more, such as what a move was made in spite of.
FACTS = ("state", "stage", "channel", "won_value")
ZONE = "Europe/Moscow"
CHANNELS = ("ads", "mail", "cold-calls")
BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Solve |p - s/n| = z sqrt(p (1 - p) / n) for p: the ends of the interval."""
    if trials == 0:
        return 0.0, 0.0
    z2 = 1.959963984540054**2
    a, b, c = trials + z2, -(2 * successes + z2), successes * successes / trials
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@dataclass
class Told:
    """What the events tell of a lead."""

    received: date
    facts: dict[str, str] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)

    def id(self, name: str) -> str:
        """Give the last part of a name, or an id as it is."""
        return self.facts.get(name, "").rpartition("/")[2]


def fold(sales: libsales.Client, up_to: int = 1 << 62) -> list[Told]:
    leads: dict[str, Told] = {}
    for event in sales.list_events(page_size=1000):
        if not event.lead or event.revision > up_to:
            continue
        if event.type == v1.EVENT_TYPE_LEAD_CAPTURED:
            day = libsales.instant(event.occur_time).astimezone(ZoneInfo(ZONE)).date()
            leads[event.lead] = Told(day)
        lead = leads[event.lead]
        for change in event.changes:
            if change.field not in FACTS:
                continue
            assert lead.facts.get(change.field, "") == change.before, (event, change)
            lead.facts[change.field] = change.after
            if change.field == "stage":
                lead.entered.add(change.after)
    return list(leads.values())


def live(sales: libsales.Client, randomness: random.Random, stages: list[str]) -> None:
    """Do something at random to many leads; what the rules refuse is refused."""
    leads: list[str] = []
    contacts: list[str] = []
    for _ in range(400):
        now = BEGIN + timedelta(minutes=randomness.randrange(90 * 24 * 60))
        try:
            if not leads or randomness.random() < 0.3:
                referrer = randomness.choice([*contacts, "", ""]) if contacts else ""
                channel = randomness.choice([*CHANNELS, ""])
                person = f"p{randomness.randrange(60)}@example.com"
                captured = sales.capture_lead(
                    contact=v1.Contact(identities=[libsales.email(person)]),
                    lead=v1.Lead(
                        channel=sales.name("channels", channel) if channel else "",
                        need=randomness.choice(["", "a site"]),
                        referrer=referrer,
                        expected_value=libsales.money(randomness.randrange(9000), "EUR"),
                    ),
                    receive_time=libsales.timestamp(now),
                )
                leads.append(captured.lead.name)
                contacts.append(captured.contact.name)
            else:
                act(sales, randomness, randomness.choice(leads), stages)
        except (libsales.FailedPrecondition, libsales.InvalidArgument):
            pass


def act(sales: libsales.Client, randomness: random.Random, lead: str, stages: list[str]) -> None:
    reason = "test"
    choice = randomness.randrange(10)
    if choice < 4:
        override = randomness.choice(["", reason, reason])
        stage = randomness.choice(stages)
        sales.advance_lead(name=lead, stage=stage, reason=reason, override_reason=override)
    elif choice == 4:
        value = libsales.money(randomness.randrange(9000), "EUR")
        sales.win_lead(name=lead, value=value, override_reason=reason)
    elif choice == 5:
        arguments = v1.Arguments(price="two designers")
        sales.decline_lead(name=lead, reason="price", arguments=arguments, alternatives="a builder")
    elif choice == 6:
        sales.lose_lead(name=lead, reason="silence")
    elif choice == 7:
        sales.disqualify_lead(name=lead, reason="spam")
    elif choice == 8:
        sales.reopen_lead(name=lead, reason=reason, override_reason=reason)
    else:
        channel = sales.name("channels", randomness.choice(CHANNELS))
        sales.update_lead(
            lead=v1.Lead(
                name=lead,
                channel=channel,
                expected_value=libsales.money(randomness.randrange(9000), "EUR"),
            )
        )


def check_funnel(
    leads: list[Told], report: v1.ReportFunnelResponse, policy: v1.FunnelPolicy
) -> None:
    order = [stage.key for stage in policy.stages]
    states = Counter(lead.facts["state"] for lead in leads)
    won = [lead for lead in leads if lead.facts["state"] == "WON"]
    assert report.received == len(leads)
    assert report.outcomes == v1.Outcomes(
        open=states["OPEN"],
        nurtured=states["NURTURED"],
        won=states["WON"],
        declined=states["DECLINED"],
        lost=states["LOST"],
        disqualified=states["DISQUALIFIED"],
    )
    assert report.revenue.minor_units == sum(int(lead.facts["won_value"] or 0) for lead in won)
    reached = [
        sum(1 for lead in leads if lead in won or lead.entered & set(order[place:]))
        for place in range(len(order))
    ]
    rates = [report.overall_conversion, report.qualified]
    assert (report.overall_conversion.numerator, report.overall_conversion.denominator) == (
        len(won),
        len(leads),
    )
    for place, stage in enumerate(report.stages):
        assert stage.stage == order[place]
        assert stage.entered == sum(1 for lead in leads if stage.stage in lead.entered)
        assert stage.reached == reached[place]
        assert stage.reached_share.denominator == len(leads)
        assert stage.step_conversion.denominator == reached[place]
        assert stage.step_conversion.numerator == [*reached, len(won)][place + 1]
        rates += [stage.step_conversion, stage.reached_share]
    for rate in rates:
        low, high = wilson(rate.numerator, rate.denominator)
        assert rate.value == pytest.approx(rate.numerator / max(rate.denominator, 1), abs=1e-12)
        assert rate.low == pytest.approx(low, abs=1e-9)
        assert rate.high == pytest.approx(high, abs=1e-9)


def check_channels(leads: list[Told], report: v1.ReportChannelsResponse) -> None:
    by_channel: dict[str, list[Told]] = defaultdict(list)
    for lead in leads:
        by_channel[lead.id("channel")].append(lead)
    rows = {row.name.rpartition("/")[2]: row for row in report.rows}
    assert {name for name, row in rows.items() if row.leads} == set(by_channel)
    for channel, own in [*by_channel.items(), ("", leads)]:
        row = rows[channel] if channel else report.total
        states = Counter(lead.facts["state"] for lead in own)
        won = [lead for lead in own if lead.facts["state"] == "WON"]
        assert row.leads == len(own)
        assert row.won == states["WON"]
        assert row.declined == states["DECLINED"]
        assert row.revenue.minor_units == sum(int(lead.facts["won_value"] or 0) for lead in won)
        low, high = wilson(len(won), len(own))
        assert row.conversion.low == pytest.approx(low, abs=1e-9)
        assert row.conversion.high == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_reports_equal_a_plain_fold_over_the_events(server: salesd.Salesd, seed: int) -> None:
    randomness = random.Random(seed)
    workspace = salesd.unique("figures")
    with server.connect(workspace) as sales:
        sales.create_workspace(workspace_id=workspace, workspace=v1.Workspace(time_zone=ZONE))
        for channel in CHANNELS:
            sales.create_channel(channel_id=channel)
        policy = sales.get_funnel_policy(name=sales.name("funnelPolicies", "web-studio"))
        live(sales, randomness, [stage.key for stage in policy.stages])

        leads = fold(sales)
        assert len(leads) > 80
        check_funnel(leads, sales.report_funnel(), policy)
        check_channels(leads, sales.report_channels())

        for channel in CHANNELS:
            own = [lead for lead in leads if lead.id("channel") == channel]
            only = v1.ReportFilter(channel=sales.name("channels", channel))
            check_funnel(own, sales.report_funnel(filter=only), policy)

        for _ in range(5):
            start = BEGIN.date() + timedelta(days=randomness.randrange(80))
            end = start + timedelta(days=randomness.randrange(1, 60))
            window = v1.Window(start_date=start.isoformat(), end_date=end.isoformat())
            own = [lead for lead in leads if start <= lead.received < end]
            check_funnel(own, sales.report_funnel(window=window), policy)
            check_channels(own, sales.report_channels(window=window))

        last = sales.get_workspace(name=sales.workspace).revision
        for revision in (1, last // 3, last // 2, last):
            then = fold(sales, revision)
            check_funnel(then, sales.report_funnel(as_of_revision=revision), policy)
            check_channels(then, sales.report_channels(as_of_revision=revision))


def test_spend_is_summed_and_divided(sales: libsales.Client) -> None:
    sales.create_channel(channel_id="ads")
    sales.create_campaign(parent=sales.name("channels", "ads"), campaign_id="spring")
    campaign = sales.name("channels", "ads", "campaigns", "spring")
    for spent in ("10.00", "0.50", "0.01"):
        sales.record_spend(
            name=campaign, amount=libsales.money(spent, "EUR"), spend_date="2026-03-01"
        )
    for number in range(2):
        sales.capture_lead(
            contact=v1.Contact(identities=[libsales.email(f"p{number}@example.com")]),
            lead=v1.Lead(channel=sales.name("channels", "ads"), campaign=campaign),
        )
    rows = {row.name: row for row in sales.report_channels(include_campaigns=True).rows}
    for name in (campaign, sales.name("channels", "ads")):
        assert rows[name].spend.minor_units == 1051
        assert rows[name].cost_per_lead.minor_units == 526
        assert not rows[name].HasField("cost_per_sale")
        assert rows[name].return_on_spend == pytest.approx(-1)
