"""Each report through the client, and its intervals and quantiles by an independent computation."""

from __future__ import annotations

import datetime
import math
import statistics

import pytest
from google.protobuf.duration_pb2 import Duration

import libsales
from libsales import v1

NOW = datetime.datetime.now(tz=datetime.timezone.utc)
ANSWER_SECONDS = [60, 180, 300, 420, 4_000, 9_000, 20_000]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Give the 95 % score interval, from the roots of (p - x)^2 = z^2 x (1 - x) / n."""
    z = statistics.NormalDist().inv_cdf(0.975)
    share = successes / trials
    a = 1 + z * z / trials
    b = -(2 * share + z * z / trials)
    c = share * share
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@pytest.fixture
def studio(sales: libsales.Client) -> libsales.Client:
    """Give a workspace with leads that were answered, won, declined, lost, and left open."""
    sales.create_channel(channel_id="ads")
    channel = sales.name("channels", "ads")
    for number, seconds in enumerate(ANSWER_SECONDS):
        received = NOW - datetime.timedelta(days=30 + number)
        lead = sales.capture_lead(
            contact=v1.Contact(identities=[libsales.email(f"p{number}@example.com")]),
            lead=v1.Lead(
                need="x",
                channel=channel if number % 2 else "",
                expected_value=v1.Money(currency_code="EUR", minor_units=10_000),
                expected_close_date=(NOW + datetime.timedelta(days=20)).date().isoformat(),
            ),
            receive_time=libsales.timestamp(received),
        ).lead
        sales.log_activity(
            parent=lead.name,
            activity=v1.Activity(
                kind=v1.Activity.KIND_CALL,
                direction=v1.Activity.DIRECTION_OUT,
                occur_time=libsales.timestamp(received + datetime.timedelta(seconds=seconds)),
            ),
        )
        if number < 2:
            sales.win_lead(
                name=lead.name,
                override_reason="signed by hand",
                value=v1.Money(currency_code="EUR", minor_units=5_000),
            )
        elif number == 2:
            sales.decline_lead(
                name=lead.name,
                reason="price",
                arguments=v1.Arguments(price="two seniors"),
                alternatives="a smaller start",
            )
        elif number == 3:
            sales.lose_lead(name=lead.name, reason="silence")
    return sales


def test_rates_have_their_wilson_interval(studio: libsales.Client) -> None:
    rate = studio.report_funnel().overall_conversion
    assert (rate.numerator, rate.denominator) == (2, len(ANSWER_SECONDS))
    low, high = wilson(rate.numerator, rate.denominator)
    assert rate.low == pytest.approx(low, abs=1e-12)
    assert rate.high == pytest.approx(high, abs=1e-12)


def test_quantiles_are_of_type_7_to_one_percent(studio: libsales.Client) -> None:
    time = studio.report_speed().response.time
    assert time.count == len(ANSWER_SECONDS)
    assert time.mean.ToTimedelta().total_seconds() == pytest.approx(
        statistics.fmean(ANSWER_SECONDS), abs=1e-6
    )
    deciles = statistics.quantiles(ANSWER_SECONDS, n=10, method="inclusive")
    assert time.median.ToTimedelta().total_seconds() == pytest.approx(deciles[4], rel=0.01)
    assert time.p90.ToTimedelta().total_seconds() == pytest.approx(deciles[8], rel=0.01)


def test_declines_are_counted_by_reason(studio: libsales.Client) -> None:
    report = studio.report_declines()
    assert [(row.key, row.declined) for row in report.reasons] == [("price", 1)]
    assert report.total.argued_price.numerator == 1


def test_a_referral_is_a_generation(studio: libsales.Client) -> None:
    sender = next(iter(studio.list_contacts()))
    studio.capture_lead(
        contact=v1.Contact(identities=[libsales.email("friend@example.com")]),
        lead=v1.Lead(referrer=sender.name),
    )
    report = studio.report_referrals()
    assert [(row.generation, getattr(row, "yield").leads) for row in report.generations] == [(1, 1)]
    assert [row.contact for row in report.contacts] == [sender.name]


def test_credits_of_every_model_sum_to_the_conversions(studio: libsales.Client) -> None:
    report = studio.report_attribution()
    assert report.conversions == 2
    for model in ("first", "last", "linear", "position", "time_decay", "markov"):
        shares = [getattr(row, model) for row in report.rows]
        assert sum(credit.conversions for credit in shares) == pytest.approx(2, rel=1e-9)
        assert sum(credit.revenue.minor_units for credit in shares) == 10_000


def test_a_plan_is_held_against_its_facts(studio: libsales.Client) -> None:
    quarter = f"{NOW.year}-Q{(NOW.month - 1) // 3 + 1}"
    plan = studio.set_plan(plan=v1.Plan(quarter=quarter, targets=v1.PlanTargets(won=10)))
    row = studio.report_plan(quarter=quarter).rows[0]
    assert (row.plan, row.won.target, row.won.fact) == (plan.name, 10, 2)
    assert list(studio.list_plan_snapshots(parent=plan.name)) == []


def test_the_forecast_is_of_open_leads(studio: libsales.Client) -> None:
    report = studio.report_forecast(simulation_rounds=100, simulation_seed=7)
    assert report.total.leads == len(ANSWER_SECONDS) - 4
    assert sum(month.figures.weighted.minor_units for month in report.months) == (
        report.total.weighted.minor_units
    )
    assert report.total.p10.minor_units <= report.total.p90.minor_units
    assert report == studio.report_forecast(simulation_rounds=100, simulation_seed=7)


def test_load_and_staffing_are_of_the_hours_of_the_week(studio: libsales.Client) -> None:
    load = studio.report_load()
    assert load.total.arrivals == len(ANSWER_SECONDS)
    assert sum(hour.arrivals.arrivals for hour in load.hours) == len(ANSWER_SECONDS)
    handling, wait = Duration(seconds=600), Duration(seconds=900)
    plan = studio.plan_staffing(handling_time=handling, wait_limit=wait, goal=0.9)
    assert plan.sellers_at_peak >= 1
    with pytest.raises(libsales.InvalidArgument) as caught:
        studio.plan_staffing(handling_time=handling, wait_limit=wait, goal=1)
    assert caught.value.fields[0].field == "goal"


def test_advice_has_reasons(studio: libsales.Client) -> None:
    lead = next(lead for lead in studio.list_leads() if lead.state == v1.LeadState.LEAD_STATE_OPEN)
    advice = studio.advise_lead(name=lead.name)
    assert advice.lead == lead.name
    assert advice.action != v1.Advice.ACTION_UNSPECIFIED
    assert advice.reasons
    assert studio.report_score().scored == 0


def test_tallies_are_rebuilt(studio: libsales.Client) -> None:
    *_, last = studio.rebuild_tallies()
    assert last.done
    assert last.counts_mended == 0
    assert last.revision == studio.get_workspace(name=studio.workspace).revision
