"""The life of a studio's leads: one is won, one is refused well and comes back as another.

Usage: walkthrough.py [HOST:PORT] [WORKSPACE]
"""

import sys
from datetime import date, timedelta

import libsales
from libsales import v1


def say(line: str) -> None:
    print(f"\n* {line}")


def prepare(sales: libsales.Client, workspace: str) -> None:
    say("A workspace: one studio's sales. Its funnel `web-studio` is in force from the beginning.")
    sales.create_workspace(
        workspace_id=workspace,
        workspace=v1.Workspace(display_name="Studio", currency_code="EUR", default_region="NL"),
    )
    for stage in sales.get_funnel_policy(name=sales.name("funnelPolicies", "web-studio")).stages:
        print(f"    {stage.key}{' (work begins here)' if stage.qualifying else ''}")

    say("A channel, two ways of using it, and what they cost.")
    sales.create_channel(channel_id="ads", channel=v1.Channel(display_name="Contextual ads"))
    for campaign, spent in (("brand", "120.00"), ("shops", "480.50")):
        sales.create_campaign(parent=sales.name("channels", "ads"), campaign_id=campaign)
        sales.record_spend(
            name=sales.name("channels", "ads", "campaigns", campaign),
            amount=libsales.money(spent, "EUR"),
            spend_date=date.today().isoformat(),
        )


def win(sales: libsales.Client) -> None:
    say("Anyone who asks is a lead.")
    captured = sales.capture_lead(
        contact=v1.Contact(
            display_name="Иван Петров",
            identities=[libsales.email("Ivan@Example.com"), libsales.phone("020 624 1111")],
        ),
        lead=v1.Lead(
            campaign=sales.name("channels", "ads", "campaigns", "shops"),
            channel=sales.name("channels", "ads"),
            need="an online shop",
            expected_value=libsales.money(9000, "EUR"),
            interest=70,
        ),
    )
    lead = captured.lead.name
    print(f"    {lead} is {captured.lead.stage}")

    say("Speed wins: he is answered, and the lead moves on.")
    sales.log_activity(
        parent=lead,
        activity=v1.Activity(
            kind=v1.Activity.KIND_CALL, direction=v1.Activity.DIRECTION_OUT, text="First call"
        ),
    )
    sales.advance_lead(name=lead, stage="contacted")

    say("The qualifying stage cannot be had for nothing:")
    try:
        sales.advance_lead(name=lead, stage="start_of_work")
    except libsales.FailedPrecondition as refused:
        for missing in refused.missing:
            print(f"    missing {missing.condition}, asked for by {missing.stage}")

    say("So: requirements, then a price, then work.")
    sales.advance_lead(name=lead, stage="requirements")
    sales.agree_requirements(name=lead, text="Catalogue, basket, payment; no warehouse")
    sales.advance_lead(name=lead, stage="proposal")
    sales.send_proposal(
        name=lead,
        scope="Shop in eight weeks",
        price=libsales.money("8600.00", "EUR"),
        valid_until_date=(date.today() + timedelta(days=30)).isoformat(),
    )
    sales.advance_lead(name=lead, stage="start_of_work")
    sales.answer_proposal(name=lead, answer=v1.AnswerProposalRequest.ANSWER_ACCEPTED)
    sales.advance_lead(name=lead, stage="contract")
    won = sales.win_lead(name=lead)
    print(f"    won at {libsales.amount(won.won_value)} {won.won_value.currency_code}")


def refuse(sales: libsales.Client) -> None:
    say("Refusing well: the price does not fit. A bare refusal is not accepted.")
    captured = sales.capture_lead(
        contact=v1.Contact(display_name="Eva", identities=[libsales.email("eva@example.com")]),
        lead=v1.Lead(channel=sales.name("channels", "ads"), need="a site for a bakery"),
    )
    lead = captured.lead.name
    try:
        sales.decline_lead(name=lead, reason="price")
    except libsales.InvalidArgument as refused:
        print(f"    {refused.reason}")
    told = sales.log_activity(
        parent=lead,
        activity=v1.Activity(
            kind=v1.Activity.KIND_CALL, direction=v1.Activity.DIRECTION_OUT, text="We refuse"
        ),
    )
    sales.decline_lead(
        name=lead,
        reason="price",
        arguments=v1.Arguments(
            better="We test with real buyers", price="Two designers", differ="No templates"
        ),
        alternatives="A site builder, and whom to ask",
        told_in=told.activity.name,
        may_keep_in_touch=True,
    )

    say("Eva leaves content, and sends a friend: a refusal is a lead generator.")
    friend = sales.capture_lead(
        contact=v1.Contact(display_name="Ada", identities=[libsales.email("ada@example.com")]),
        lead=v1.Lead(need="a booking system", referrer=captured.contact.name),
    )
    print(f"    channel {friend.lead.channel}, came out of {friend.lead.returned_from}")

    say("Ada is not ready today. That is not never: she is put to nurture.")
    sales.nurture_lead(
        name=friend.lead.name,
        reason="next-season",
        wake_date=(date.today() + timedelta(days=90)).isoformat(),
    )


def report(sales: libsales.Client) -> None:
    say("Figures, each with its base.")
    funnel = sales.report_funnel()
    for stage in funnel.stages:
        share = stage.reached_share
        print(f"    {stage.stage:16}{stage.reached:4} of {share.denominator}")
    print(f"    won {funnel.overall_conversion.numerator} of {funnel.received}")
    for row in sales.report_channels(include_campaigns=True).rows:
        cost = libsales.amount(row.cost_per_lead) if row.HasField("cost_per_lead") else "-"
        print(f"    {row.name.partition('/channels/')[2]:24}{row.leads:4} leads, {cost} each")


def main() -> None:
    target = sys.argv[1] if len(sys.argv) > 1 else "localhost:8443"
    workspace = sys.argv[2] if len(sys.argv) > 2 else "walkthrough"
    with libsales.connect(target, workspace=workspace, actor="anna") as sales:
        prepare(sales, workspace)
        win(sales)
        refuse(sales)
        report(sales)


if __name__ == "__main__":
    main()
