// Walkthrough is the life of a studio's leads: one is won, one is refused well and comes back as
// another.
//
// Usage: walkthrough [HOST:PORT] [WORKSPACE]
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func main() {
	arguments := append(os.Args[1:], []string{"localhost:8443", "walkthrough"}[min(len(os.Args)-1, 2):]...)
	if err := walk(context.Background(), arguments[0], arguments[1]); err != nil {
		log.Fatal(err)
	}
}

func walk(ctx context.Context, target, workspace string) error {
	sales, err := libsales.Connect(target,
		libsales.WithWorkspace(workspace), libsales.WithActor("anna"))
	if err != nil {
		return err
	}
	defer sales.Close()

	if err := prepare(ctx, sales, workspace); err != nil {
		return err
	}
	for _, part := range []func(context.Context, *libsales.Client) error{win, refuse, report} {
		if err := part(ctx, sales); err != nil {
			return err
		}
	}
	return nil
}

func say(line string) { fmt.Printf("\n* %s\n", line) }

// today gives the day that is some days from now.
func today(plus int) string { return time.Now().UTC().AddDate(0, 0, plus).Format(time.DateOnly) }

func prepare(ctx context.Context, sales *libsales.Client, workspace string) error {
	say("A workspace: one studio's sales. Its funnel `web-studio` is in force from the beginning.")
	_, err := sales.CreateWorkspace(ctx, &salesv1.CreateWorkspaceRequest{
		WorkspaceId: workspace,
		Workspace: &salesv1.Workspace{
			DisplayName: "Studio", CurrencyCode: "EUR", DefaultRegion: "NL",
		},
	})
	if err != nil {
		return err
	}
	policy, err := sales.GetFunnelPolicy(ctx, &salesv1.GetFunnelPolicyRequest{
		Name: sales.Name("funnelPolicies", "web-studio"),
	})
	if err != nil {
		return err
	}
	for _, stage := range policy.Stages {
		if stage.Qualifying {
			fmt.Printf("    %s (work begins here)\n", stage.Key)
		} else {
			fmt.Printf("    %s\n", stage.Key)
		}
	}

	say("A channel, two ways of using it, and what they cost.")
	_, err = sales.CreateChannel(ctx, &salesv1.CreateChannelRequest{
		ChannelId: "ads", Channel: &salesv1.Channel{DisplayName: "Contextual ads"},
	})
	if err != nil {
		return err
	}
	for _, way := range []struct{ campaign, spent string }{{"brand", "120.00"}, {"shops", "480.50"}} {
		_, err = sales.CreateCampaign(ctx, &salesv1.CreateCampaignRequest{
			Parent: sales.Name("channels", "ads"), CampaignId: way.campaign,
		})
		if err != nil {
			return err
		}
		_, err = sales.RecordSpend(ctx, &salesv1.RecordSpendRequest{
			Name:      sales.Name("channels", "ads", "campaigns", way.campaign),
			Amount:    libsales.MustMoney(way.spent, "EUR"),
			SpendDate: today(0),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func win(ctx context.Context, sales *libsales.Client) error {
	say("Anyone who asks is a lead.")
	captured, err := sales.CaptureLead(ctx, &salesv1.CaptureLeadRequest{
		Contact: &salesv1.Contact{
			DisplayName: "Иван Петров",
			Identities: []*salesv1.Identity{
				libsales.Email("Ivan@Example.com"), libsales.Phone("020 624 1111"),
			},
		},
		Lead: &salesv1.Lead{
			Campaign:      sales.Name("channels", "ads", "campaigns", "shops"),
			Channel:       sales.Name("channels", "ads"),
			Need:          "an online shop",
			ExpectedValue: libsales.MustMoney("9000", "EUR"),
			Interest:      70,
		},
	})
	if err != nil {
		return err
	}
	lead := captured.Lead.Name
	fmt.Printf("    %s is %s\n", lead, captured.Lead.Stage)
	advance := func(stage string) error {
		_, err := sales.AdvanceLead(ctx, &salesv1.AdvanceLeadRequest{Name: lead, Stage: stage})
		return err
	}

	say("Speed wins: he is answered, and the lead moves on.")
	if _, err = called(ctx, sales, lead, "First call"); err != nil {
		return err
	}
	if err = advance("contacted"); err != nil {
		return err
	}

	say("The qualifying stage cannot be had for nothing:")
	var refused *libsales.Error
	if err = advance("start_of_work"); !errors.As(err, &refused) {
		return fmt.Errorf("the move was not refused: %w", err)
	}
	for _, missing := range refused.Missing {
		fmt.Printf("    missing %s, asked for by %s\n", missing.Condition, missing.Stage)
	}

	say("So: requirements, then a price, then work.")
	if err = advance("requirements"); err != nil {
		return err
	}
	_, err = sales.AgreeRequirements(ctx, &salesv1.AgreeRequirementsRequest{
		Name: lead, Text: "Catalogue, basket, payment; no warehouse",
	})
	if err != nil {
		return err
	}
	if err = advance("proposal"); err != nil {
		return err
	}
	_, err = sales.SendProposal(ctx, &salesv1.SendProposalRequest{
		Name:           lead,
		Scope:          "Shop in eight weeks",
		Price:          libsales.MustMoney("8600.00", "EUR"),
		ValidUntilDate: today(30),
	})
	if err != nil {
		return err
	}
	if err = advance("start_of_work"); err != nil {
		return err
	}
	_, err = sales.AnswerProposal(ctx, &salesv1.AnswerProposalRequest{
		Name: lead, Answer: salesv1.AnswerProposalRequest_ANSWER_ACCEPTED,
	})
	if err != nil {
		return err
	}
	if err = advance("contract"); err != nil {
		return err
	}
	won, err := sales.WinLead(ctx, &salesv1.WinLeadRequest{Name: lead})
	if err != nil {
		return err
	}
	fmt.Printf("    won at %s %s\n", libsales.FormatMoney(won.WonValue), won.WonValue.CurrencyCode)
	return nil
}

// called records a call to the client; gives the activity's name.
func called(ctx context.Context, sales *libsales.Client, lead, text string) (string, error) {
	logged, err := sales.LogActivity(ctx, &salesv1.LogActivityRequest{
		Parent: lead,
		Activity: &salesv1.Activity{
			Kind:      salesv1.Activity_KIND_CALL,
			Direction: salesv1.Activity_DIRECTION_OUT,
			Text:      text,
		},
	})
	return logged.GetActivity().GetName(), err
}

func refuse(ctx context.Context, sales *libsales.Client) error {
	say("Refusing well: the price does not fit. A bare refusal is not accepted.")
	captured, err := sales.CaptureLead(ctx, &salesv1.CaptureLeadRequest{
		Contact: &salesv1.Contact{
			DisplayName: "Eva",
			Identities:  []*salesv1.Identity{libsales.Email("eva@example.com")},
		},
		Lead: &salesv1.Lead{Channel: sales.Name("channels", "ads"), Need: "a site for a bakery"},
	})
	if err != nil {
		return err
	}
	lead := captured.Lead.Name
	_, err = sales.DeclineLead(ctx, &salesv1.DeclineLeadRequest{Name: lead, Reason: "price"})
	var refused *libsales.Error
	if !errors.As(err, &refused) || refused.Code != codes.InvalidArgument {
		return fmt.Errorf("the bare refusal was taken: %w", err)
	}
	fmt.Printf("    %s\n", refused.Reason)
	told, err := called(ctx, sales, lead, "We refuse")
	if err != nil {
		return err
	}
	_, err = sales.DeclineLead(ctx, &salesv1.DeclineLeadRequest{
		Name:   lead,
		Reason: "price",
		Arguments: &salesv1.Arguments{
			Better: "We test with real buyers", Price: "Two designers", Differ: "No templates",
		},
		Alternatives:   "A site builder, and whom to ask",
		ToldIn:         told,
		MayKeepInTouch: true,
	})
	if err != nil {
		return err
	}

	say("Eva leaves content, and sends a friend: a refusal is a lead generator.")
	friend, err := sales.CaptureLead(ctx, &salesv1.CaptureLeadRequest{
		Contact: &salesv1.Contact{
			DisplayName: "Ada",
			Identities:  []*salesv1.Identity{libsales.Email("ada@example.com")},
		},
		Lead: &salesv1.Lead{Need: "a booking system", Referrer: captured.Contact.Name},
	})
	if err != nil {
		return err
	}
	fmt.Printf("    channel %s, came out of %s\n", friend.Lead.Channel, friend.Lead.ReturnedFrom)

	say("Ada is not ready today. That is not never: she is put to nurture.")
	_, err = sales.NurtureLead(ctx, &salesv1.NurtureLeadRequest{
		Name: friend.Lead.Name, Reason: "next-season", WakeDate: today(90),
	})
	return err
}

func report(ctx context.Context, sales *libsales.Client) error {
	say("Figures, each with its base.")
	funnel, err := sales.ReportFunnel(ctx, &salesv1.ReportFunnelRequest{})
	if err != nil {
		return err
	}
	for _, stage := range funnel.Stages {
		fmt.Printf("    %-16s%4d of %d\n", stage.Stage, stage.Reached, stage.ReachedShare.Denominator)
	}
	fmt.Printf("    won %d of %d\n", funnel.OverallConversion.Numerator, funnel.Received)
	channels, err := sales.ReportChannels(ctx, &salesv1.ReportChannelsRequest{IncludeCampaigns: true})
	if err != nil {
		return err
	}
	for _, row := range channels.Rows {
		cost := "-"
		if row.CostPerLead != nil {
			cost = libsales.FormatMoney(row.CostPerLead)
		}
		_, name, _ := strings.Cut(row.Name, "/channels/")
		fmt.Printf("    %-24s%4d leads, %s each\n", name, row.Leads, cost)
	}
	return nil
}
