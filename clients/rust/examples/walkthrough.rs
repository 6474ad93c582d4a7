//! The life of a studio's leads: one is won, one is refused well and comes back as another.
//!
//! Usage: walkthrough [HOST:PORT] [WORKSPACE]

use std::error::Error;
use std::time::{Duration, SystemTime};

use libsales::{Client, Code, prost_types::Timestamp, v1};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or("localhost:8443".into());
    let workspace = arguments.next().unwrap_or("walkthrough".into());
    let sales = Client::builder(target).workspace(&workspace).actor("anna").connect().await?;
    prepare(&sales, &workspace).await?;
    win(&sales).await?;
    refuse(&sales).await?;
    report(&sales).await
}

fn say(line: &str) {
    println!("\n* {line}");
}

/// Gives the day that is some days from now.
fn today(plus: u64) -> String {
    let then = SystemTime::now() + Duration::from_secs(plus * 24 * 60 * 60);
    Timestamp::from(then).to_string()[..10].to_owned()
}

async fn prepare(sales: &Client, workspace: &str) -> Result<()> {
    say("A workspace: one studio's sales. Its funnel `web-studio` is in force from the beginning.");
    sales
        .create_workspace(v1::CreateWorkspaceRequest {
            workspace_id: workspace.into(),
            workspace: Some(v1::Workspace {
                display_name: "Studio".into(),
                currency_code: "EUR".into(),
                default_region: "NL".into(),
                ..Default::default()
            }),
            ..Default::default()
        })
        .await?;
    let name = sales.name(["funnelPolicies", "web-studio"]);
    let request = v1::GetFunnelPolicyRequest { name };
    for stage in sales.get_funnel_policy(request).await?.stages {
        println!("    {}{}", stage.key, if stage.qualifying { " (work begins here)" } else { "" });
    }

    say("A channel, two ways of using it, and what they cost.");
    sales
        .create_channel(v1::CreateChannelRequest {
            channel_id: "ads".into(),
            channel: Some(v1::Channel {
                display_name: "Contextual ads".into(),
                ..Default::default()
            }),
            ..Default::default()
        })
        .await?;
    for (campaign, spent) in [("brand", "120.00"), ("shops", "480.50")] {
        sales
            .create_campaign(v1::CreateCampaignRequest {
                parent: sales.name(["channels", "ads"]),
                campaign_id: campaign.into(),
                ..Default::default()
            })
            .await?;
        sales
            .record_spend(v1::RecordSpendRequest {
                name: sales.name(["channels", "ads", "campaigns", campaign]),
                amount: Some(libsales::money(spent, "EUR")?),
                spend_date: today(0),
                ..Default::default()
            })
            .await?;
    }
    Ok(())
}

async fn advance(
    sales: &Client,
    lead: &str,
    stage: &str,
) -> std::result::Result<(), libsales::Error> {
    let request =
        v1::AdvanceLeadRequest { name: lead.into(), stage: stage.into(), ..Default::default() };
    sales.advance_lead(request).await.map(drop)
}

/// Records a call to the client; gives the activity's name.
async fn called(sales: &Client, lead: &str, text: &str) -> Result<String> {
    let activity = v1::Activity {
        kind: v1::activity::Kind::Call.into(),
        direction: v1::activity::Direction::Out.into(),
        text: text.into(),
        ..Default::default()
    };
    let request = v1::LogActivityRequest {
        parent: lead.into(),
        activity: Some(activity),
        ..Default::default()
    };
    Ok(sales.log_activity(request).await?.activity.unwrap_or_default().name)
}

async fn win(sales: &Client) -> Result<()> {
    say("Anyone who asks is a lead.");
    let captured = sales
        .capture_lead(v1::CaptureLeadRequest {
            contact: Some(v1::Contact {
                display_name: "Иван Петров".into(),
                identities: vec![
                    libsales::email("Ivan@Example.com"),
                    libsales::phone("020 624 1111"),
                ],
                ..Default::default()
            }),
            lead: Some(v1::Lead {
                campaign: sales.name(["channels", "ads", "campaigns", "shops"]),
                channel: sales.name(["channels", "ads"]),
                need: "an online shop".into(),
                expected_value: Some(libsales::money("9000", "EUR")?),
                interest: 70,
                ..Default::default()
            }),
            ..Default::default()
        })
        .await?;
    let lead = captured.lead.unwrap_or_default();
    println!("    {} is {}", lead.name, lead.stage);
    let lead = lead.name;

    say("Speed wins: he is answered, and the lead moves on.");
    called(sales, &lead, "First call").await?;
    advance(sales, &lead, "contacted").await?;

    say("The qualifying stage cannot be had for nothing:");
    let refused = advance(sales, &lead, "start_of_work").await.expect_err("a move for nothing");
    for missing in refused.missing() {
        println!("    missing {}, asked for by {}", missing.condition, missing.stage);
    }

    say("So: requirements, then a price, then work.");
    advance(sales, &lead, "requirements").await?;
    sales
        .agree_requirements(v1::AgreeRequirementsRequest {
            name: lead.clone(),
            text: "Catalogue, basket, payment; no warehouse".into(),
            ..Default::default()
        })
        .await?;
    advance(sales, &lead, "proposal").await?;
    sales
        .send_proposal(v1::SendProposalRequest {
            name: lead.clone(),
            scope: "Shop in eight weeks".into(),
            price: Some(libsales::money("8600.00", "EUR")?),
            valid_until_date: today(30),
            ..Default::default()
        })
        .await?;
    advance(sales, &lead, "start_of_work").await?;
    sales
        .answer_proposal(v1::AnswerProposalRequest {
            name: lead.clone(),
            answer: v1::answer_proposal_request::Answer::Accepted.into(),
            ..Default::default()
        })
        .await?;
    advance(sales, &lead, "contract").await?;
    let won = sales.win_lead(v1::WinLeadRequest { name: lead, ..Default::default() }).await?;
    let value = won.won_value.unwrap_or_default();
    println!("    won at {} {}", libsales::amount(&value), value.currency_code);
    Ok(())
}

async fn refuse(sales: &Client) -> Result<()> {
    say("Refusing well: the price does not fit. A bare refusal is not accepted.");
    let captured = sales
        .capture_lead(v1::CaptureLeadRequest {
            contact: Some(v1::Contact {
                display_name: "Eva".into(),
                identities: vec![libsales::email("eva@example.com")],
                ..Default::default()
            }),
            lead: Some(v1::Lead {
                channel: sales.name(["channels", "ads"]),
                need: "a site for a bakery".into(),
                ..Default::default()
            }),
            ..Default::default()
        })
        .await?;
    let lead = captured.lead.unwrap_or_default().name;
    let bare =
        v1::DeclineLeadRequest { name: lead.clone(), reason: "price".into(), ..Default::default() };
    match sales.decline_lead(bare.clone()).await {
        Err(refused) if refused.code() == Code::InvalidArgument => {
            println!("    {}", refused.reason());
        }
        other => return Err(format!("a bare refusal: {other:?}").into()),
    }
    let told = called(sales, &lead, "We refuse").await?;
    sales
        .decline_lead(v1::DeclineLeadRequest {
            arguments: Some(v1::Arguments {
                better: "We test with real buyers".into(),
                price: "Two designers".into(),
                differ: "No templates".into(),
            }),
            alternatives: "A site builder, and whom to ask".into(),
            told_in: told,
            may_keep_in_touch: true,
            ..bare
        })
        .await?;

    say("Eva leaves content, and sends a friend: a refusal is a lead generator.");
    let friend = sales
        .capture_lead(v1::CaptureLeadRequest {
            contact: Some(v1::Contact {
                display_name: "Ada".into(),
                identities: vec![libsales::email("ada@example.com")],
                ..Default::default()
            }),
            lead: Some(v1::Lead {
                need: "a booking system".into(),
                referrer: captured.contact.unwrap_or_default().name,
                ..Default::default()
            }),
            ..Default::default()
        })
        .await?
        .lead
        .unwrap_or_default();
    println!("    channel {}, came out of {}", friend.channel, friend.returned_from);

    say("Ada is not ready today. That is not never: she is put to nurture.");
    sales
        .nurture_lead(v1::NurtureLeadRequest {
            name: friend.name,
            reason: "next-season".into(),
            wake_date: today(90),
            ..Default::default()
        })
        .await?;
    Ok(())
}

async fn report(sales: &Client) -> Result<()> {
    say("Figures, each with its base.");
    let funnel = sales.report_funnel(v1::ReportFunnelRequest::default()).await?;
    for stage in &funnel.stages {
        let share = stage.reached_share.unwrap_or_default();
        println!("    {:16}{:4} of {}", stage.stage, stage.reached, share.denominator);
    }
    let overall = funnel.overall_conversion.unwrap_or_default();
    println!("    won {} of {}", overall.numerator, funnel.received);
    let request = v1::ReportChannelsRequest { include_campaigns: true, ..Default::default() };
    for row in sales.report_channels(request).await?.rows {
        let cost = row.cost_per_lead.as_ref().map_or("-".into(), libsales::amount);
        let name = row.name.split_once("/channels/").unwrap_or_default().1;
        println!("    {name:24}{:4} leads, {cost} each", row.leads);
    }
    Ok(())
}
