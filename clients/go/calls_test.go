package libsales_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func capture(t *testing.T, sales *libsales.Client, number int) *salesv1.Lead {
	t.Helper()
	captured, err := sales.CaptureLead(t.Context(), &salesv1.CaptureLeadRequest{
		Contact: &salesv1.Contact{
			Identities: []*salesv1.Identity{libsales.Email(fmt.Sprintf("p%d@example.com", number))},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return captured.Lead
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	sales := workspace(t)
	_, err := sales.GetLead(t.Context(), &salesv1.GetLeadRequest{Name: sales.Name("leads", "nobody")})
	refused(t, err, codes.NotFound, "LEAD_NOT_FOUND")
}

func TestARefusedMoveNamesEveryMissingCondition(t *testing.T) {
	sales := workspace(t)
	lead := capture(t, sales, 1)
	_, err := sales.AdvanceLead(t.Context(),
		&salesv1.AdvanceLeadRequest{Name: lead.Name, Stage: "start_of_work"})
	missing := map[string]bool{}
	for _, condition := range refused(t, err, codes.FailedPrecondition, "GUARD_UNMET").Missing {
		missing[condition.Condition] = true
	}
	if !missing["requirements_agreed"] || !missing["price_offered"] {
		t.Error(missing)
	}
	again, err := sales.GetLead(t.Context(), &salesv1.GetLeadRequest{Name: lead.Name})
	if err != nil || !proto.Equal(again, lead) {
		t.Errorf("the lead is now %v, %v", again, err)
	}
}

func TestAWrongFieldIsNamed(t *testing.T) {
	_, err := workspace(t).CreateChannel(t.Context(),
		&salesv1.CreateChannelRequest{ChannelId: "Not An Id"})
	failure := refused(t, err, codes.InvalidArgument, "ID_INVALID")
	if len(failure.Fields) != 1 || failure.Fields[0].Field != "channel_id" {
		t.Error(failure.Fields)
	}
}

func TestInvalidTextIsRefusedBeforeItIsSent(t *testing.T) {
	_, err := workspace(t).CaptureLead(t.Context(),
		&salesv1.CaptureLeadRequest{Lead: &salesv1.Lead{Need: "\xff"}})
	refused(t, err, codes.Internal, "")
}

func TestAListGivesEachItemOnceOverItsPages(t *testing.T) {
	sales := workspace(t)
	captured := map[string]bool{}
	for number := range 23 {
		captured[capture(t, sales, number).Name] = true
	}
	for _, size := range []int32{1, 5, 23, 1000} {
		listed := map[string]bool{}
		for lead, err := range sales.ListLeads(t.Context(), &salesv1.ListLeadsRequest{PageSize: size}) {
			if err != nil || listed[lead.GetName()] {
				t.Fatal(lead, err)
			}
			listed[lead.Name] = true
		}
		if !maps.Equal(listed, captured) {
			t.Errorf("pages of %d: %d leads", size, len(listed))
		}
	}
}

func TestAListThatIsRefusedSaysSo(t *testing.T) {
	request := &salesv1.ListLeadsRequest{Filter: "("}
	for _, err := range workspace(t).ListLeads(t.Context(), request) {
		refused(t, err, codes.InvalidArgument, "FILTER_INVALID")
	}
}

func TestAnActorIsKeptInTheEvent(t *testing.T) {
	sales := workspace(t)
	capture(t, sales.At(libsales.WithActor("boris")), 1)
	var actors []string
	for event, err := range sales.ListEvents(t.Context(), &salesv1.ListEventsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		actors = append(actors, event.Actor)
	}
	if actors = slices.Compact(actors); !slices.Equal(actors, []string{"test", "boris"}) {
		t.Error(actors)
	}
}

func TestARepeatedRequestGivesTheSameAnswerAndOneEffect(t *testing.T) {
	sales := workspace(t)
	request := &salesv1.CreateChannelRequest{ChannelId: "ads", RequestId: "once"}
	first, err := sales.CreateChannel(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	second, err := sales.CreateChannel(t.Context(), request)
	if err != nil || !proto.Equal(first, second) {
		t.Errorf("%v, then %v, %v", first, second, err)
	}
	_, err = sales.CreateChannel(t.Context(),
		&salesv1.CreateChannelRequest{ChannelId: "mail", RequestId: "once"})
	refused(t, err, codes.FailedPrecondition, "REQUEST_ID_REUSED")
}

func TestTalliesAreRebuilt(t *testing.T) {
	sales := workspace(t)
	capture(t, sales, 1)
	done := false
	request := &salesv1.RebuildTalliesRequest{Name: sales.Workspace()}
	for progress, err := range sales.RebuildTallies(t.Context(), request) {
		if err != nil {
			t.Fatal(err)
		}
		done = progress.Done
	}
	if !done {
		t.Error("the last answer is not the end")
	}
}
