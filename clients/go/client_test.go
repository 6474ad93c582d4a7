package libsales_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

// What the client adds to the stubs is seen here from a gRPC server that misbehaves on purpose.
type capricious struct {
	salesv1.UnimplementedLeadServiceServer
	salesv1.UnimplementedEventServiceServer

	target   string
	mutex    sync.Mutex
	advanced []*salesv1.AdvanceLeadRequest
	listed   []*salesv1.ListLeadsRequest
	watched  []*salesv1.WatchEventsRequest
	imported [][]*salesv1.ImportLeadsRequest
	metadata []metadata.MD
	// What it does; the number of the call counts from 1.
	advance   func(number int) error
	list      func(number int, size int) *salesv1.ListLeadsResponse
	watch     func(number int, stream grpc.ServerStreamingServer[salesv1.WatchEventsResponse]) error
	importRow func(number int, row int64) error
}

func (c *capricious) AdvanceLead(
	ctx context.Context, request *salesv1.AdvanceLeadRequest,
) (*salesv1.Lead, error) {
	c.mutex.Lock()
	c.advanced = append(c.advanced, request)
	number := len(c.advanced)
	said, _ := metadata.FromIncomingContext(ctx)
	c.metadata = append(c.metadata, said)
	c.mutex.Unlock()
	if c.advance != nil {
		if err := c.advance(number); err != nil {
			return nil, err
		}
	}
	return &salesv1.Lead{Name: request.Name}, nil
}

func (c *capricious) ListLeads(
	_ context.Context, request *salesv1.ListLeadsRequest,
) (*salesv1.ListLeadsResponse, error) {
	c.listed = append(c.listed, request)
	return c.list(len(c.listed), int(request.PageSize)), nil
}

func (c *capricious) WatchEvents(
	request *salesv1.WatchEventsRequest, stream grpc.ServerStreamingServer[salesv1.WatchEventsResponse],
) error {
	c.watched = append(c.watched, request)
	return c.watch(len(c.watched), stream)
}

func (c *capricious) ImportLeads(
	stream grpc.BidiStreamingServer[salesv1.ImportLeadsRequest, salesv1.ImportLeadsResponse],
) error {
	c.imported = append(c.imported, nil)
	number := len(c.imported)
	for {
		row, err := stream.Recv()
		if err != nil {
			return nil
		}
		c.imported[number-1] = append(c.imported[number-1], row)
		if err := c.importRow(number, row.Row); err != nil {
			return err
		}
		if err := stream.Send(&salesv1.ImportLeadsResponse{Row: row.Row}); err != nil {
			return err
		}
	}
}

func misbehaving(t *testing.T) (*capricious, *libsales.Client) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &capricious{target: listener.Addr().String()}
	server := grpc.NewServer()
	salesv1.RegisterLeadServiceServer(server, c)
	salesv1.RegisterEventServiceServer(server, c)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return c, connect(t, c.target,
		libsales.WithWorkspace("studio"), libsales.WithActor("anna"))
}

func unavailableUntil(last int) func(int) error {
	return func(number int) error {
		if number < last {
			return status.Error(codes.Unavailable, "try again")
		}
		return nil
	}
}

var aLead = &salesv1.AdvanceLeadRequest{Name: "workspaces/studio/leads/1", Stage: "contacted"}

func TestACallSaysWhoCallsAndWithWhat(t *testing.T) {
	server, sales := misbehaving(t)
	if _, err := sales.AdvanceLead(t.Context(), aLead); err != nil {
		t.Fatal(err)
	}
	if actor := server.metadata[0].Get("sales-actor"); !slices.Equal(actor, []string{"anna"}) {
		t.Errorf("the actor is %q", actor)
	}
	agent := server.metadata[0].Get("user-agent")[0]
	if !strings.HasPrefix(agent, "libsales-go/"+libsales.Version+" ") {
		t.Errorf("the user agent is %q", agent)
	}
}

func TestRetriesAreTheSameRequest(t *testing.T) {
	server, sales := misbehaving(t)
	server.advance = unavailableUntil(3)
	if _, err := sales.AdvanceLead(t.Context(), aLead); err != nil {
		t.Fatal(err)
	}
	if len(server.advanced) != 3 {
		t.Fatalf("%d requests", len(server.advanced))
	}
	for _, request := range server.advanced {
		if request.RequestId == "" || !proto.Equal(request, server.advanced[0]) {
			t.Errorf("%v after %v", request, server.advanced[0])
		}
	}
}

func TestEachCallHasItsOwnRequestID(t *testing.T) {
	server, sales := misbehaving(t)
	for range 2 {
		if _, err := sales.AdvanceLead(t.Context(), aLead); err != nil {
			t.Fatal(err)
		}
	}
	if server.advanced[0].RequestId == server.advanced[1].RequestId {
		t.Errorf("both have %q", server.advanced[0].RequestId)
	}
	if aLead.RequestId != "" {
		t.Error("the caller's request was changed")
	}
}

func TestARequestIDThatIsGivenIsKept(t *testing.T) {
	server, sales := misbehaving(t)
	request := &salesv1.AdvanceLeadRequest{Name: "workspaces/studio/leads/1", RequestId: "mine"}
	if _, err := sales.AdvanceLead(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if server.advanced[0].RequestId != "mine" {
		t.Errorf("sent %q", server.advanced[0].RequestId)
	}
}

func TestAnAnswerThatIsNoLostCallIsNotRetried(t *testing.T) {
	for _, code := range []codes.Code{
		codes.Aborted, codes.FailedPrecondition, codes.Internal, codes.NotFound,
	} {
		server, sales := misbehaving(t)
		server.advance = func(int) error { return status.Error(code, "no") }
		_, err := sales.AdvanceLead(t.Context(), aLead)
		refused(t, err, code, "")
		if len(server.advanced) != 1 {
			t.Errorf("%v: %d requests", code, len(server.advanced))
		}
	}
}

func TestNoAnswerInTimeIsDeadlineExceeded(t *testing.T) {
	server, sales := misbehaving(t)
	release := make(chan struct{})
	defer close(release)
	server.advance = func(int) error { <-release; return nil }
	_, err := sales.At(libsales.WithTimeout(50*time.Millisecond)).AdvanceLead(t.Context(), aLead)
	refused(t, err, codes.DeadlineExceeded, "")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not context.DeadlineExceeded", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = sales.AdvanceLead(ctx, aLead)
	refused(t, err, codes.DeadlineExceeded, "")
}

func TestACallThatIsCancelledSaysSo(t *testing.T) {
	_, sales := misbehaving(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sales.AdvanceLead(ctx, aLead); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNobodyThereIsUnavailable(t *testing.T) {
	_, err := connect(t, "127.0.0.1:1").AdvanceLead(t.Context(), aLead)
	refused(t, err, codes.Unavailable, "")
}

func TestAnErrorCarriesItsDetails(t *testing.T) {
	server, sales := misbehaving(t)
	server.advance = func(int) error {
		state, err := status.New(codes.FailedPrecondition, "conditions are unmet").WithDetails(
			&errdetails.ErrorInfo{
				Reason: "GUARD_UNMET", Domain: "sales.v1",
				Metadata: map[string]string{"stage": "start_of_work"},
			},
			&errdetails.PreconditionFailure{
				Violations: []*errdetails.PreconditionFailure_Violation{{
					Type: "CONDITION", Subject: "start_of_work",
					Description: "price_offered: Offer a price.",
				}},
			},
			&errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)},
			&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{
				Field: "stage", Description: "later",
			}}},
		)
		if err != nil {
			return err
		}
		return state.Err()
	}
	_, err := sales.AdvanceLead(t.Context(), aLead)
	failure := refused(t, err, codes.FailedPrecondition, "GUARD_UNMET")
	if failure.Error() != "GUARD_UNMET: conditions are unmet" {
		t.Error(failure)
	}
	if failure.Metadata["stage"] != "start_of_work" {
		t.Error(failure.Metadata)
	}
	if !slices.Equal(failure.Fields, []libsales.FieldViolation{{Field: "stage", Description: "later"}}) {
		t.Error(failure.Fields)
	}
	missing := libsales.MissingCondition{
		Condition: "price_offered", Stage: "start_of_work", Description: "Offer a price.",
	}
	if !slices.Equal(failure.Missing, []libsales.MissingCondition{missing}) {
		t.Error(failure.Missing)
	}
	if failure.RetryDelay != 1500*time.Millisecond {
		t.Error(failure.RetryDelay)
	}
	if status.Code(err) != codes.FailedPrecondition {
		t.Error("gRPC does not see the status in it")
	}
}

func TestAListAsksForTheNextPageWhenItIsNeeded(t *testing.T) {
	server, sales := misbehaving(t)
	server.list = func(number, size int) *salesv1.ListLeadsResponse {
		page := &salesv1.ListLeadsResponse{}
		for i := range size {
			name := string(rune('0'+number)) + "-" + string(rune('0'+i))
			page.Leads = append(page.Leads, &salesv1.Lead{Name: name})
		}
		if number < 3 {
			page.NextPageToken = "p" + string(rune('0'+number))
		}
		return page
	}
	request := &salesv1.ListLeadsRequest{PageSize: 2, Filter: "interest > 50"}
	leads := sales.ListLeads(t.Context(), request)
	if len(server.listed) != 0 {
		t.Error("a page was asked for before it was needed")
	}
	var names []string
	for lead, err := range leads {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, lead.Name)
		if len(names) == 1 && len(server.listed) != 1 {
			t.Errorf("%d pages for one item", len(server.listed))
		}
	}
	if !slices.Equal(names, []string{"1-0", "1-1", "2-0", "2-1", "3-0", "3-1"}) {
		t.Error(names)
	}
	var tokens []string
	for _, asked := range server.listed {
		tokens = append(tokens, asked.PageToken)
		if asked.Parent != "workspaces/studio" || asked.Filter != "interest > 50" {
			t.Error(asked)
		}
	}
	if !slices.Equal(tokens, []string{"", "p1", "p2"}) {
		t.Error(tokens)
	}
	if request.PageToken != "" {
		t.Error("the caller's request was changed")
	}
}

func batch(revisions ...int64) *salesv1.WatchEventsResponse {
	result := &salesv1.WatchEventsResponse{Revision: revisions[len(revisions)-1]}
	for _, revision := range revisions {
		result.Events = append(result.Events, &salesv1.Event{Revision: revision})
	}
	return result
}

func TestAWatchGoesOnAfterWhatItHasGiven(t *testing.T) {
	server, sales := misbehaving(t)
	server.watch = func(
		number int, stream grpc.ServerStreamingServer[salesv1.WatchEventsResponse],
	) error {
		if number == 1 {
			for _, sent := range []*salesv1.WatchEventsResponse{batch(1, 2), batch(3), {Revision: 3}} {
				if err := stream.Send(sent); err != nil {
					return err
				}
			}
		}
		switch {
		case number == 2:
			return nil // A server that ends a watch is one that goes away.
		case number < 5:
			return status.Error(codes.Unavailable, "the server goes away")
		}
		return stream.Send(batch(4))
	}
	var revisions []int64
	for batch, err := range sales.WatchEvents(t.Context(), &salesv1.WatchEventsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		if revisions = append(revisions, batch.Revision); len(revisions) == 3 {
			break
		}
	}
	if !slices.Equal(revisions, []int64{2, 3, 4}) {
		t.Error(revisions)
	}
	for i, request := range server.watched {
		if expected := map[bool]int64{true: 0, false: 3}[i == 0]; request.AfterRevision != expected {
			t.Errorf("request %d is after %d", i, request.AfterRevision)
		}
	}
}

func TestAWatchThatIsRefusedSaysSo(t *testing.T) {
	server, sales := misbehaving(t)
	server.watch = func(int, grpc.ServerStreamingServer[salesv1.WatchEventsResponse]) error {
		return status.Error(codes.OutOfRange, "older than what is kept")
	}
	for _, err := range sales.WatchEvents(t.Context(), &salesv1.WatchEventsRequest{}) {
		refused(t, err, codes.OutOfRange, "")
	}
	if len(server.watched) != 1 {
		t.Errorf("%d requests", len(server.watched))
	}
}

func TestAWatchEndsWithItsContext(t *testing.T) {
	server, sales := misbehaving(t)
	server.watch = func(
		_ int, stream grpc.ServerStreamingServer[salesv1.WatchEventsResponse],
	) error {
		<-stream.Context().Done()
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for _, err := range sales.WatchEvents(ctx, &salesv1.WatchEventsRequest{}) {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	}
}

func TestAnImportSendsUnansweredRowsAgain(t *testing.T) {
	server, sales := misbehaving(t)
	server.importRow = func(number int, row int64) error {
		if row == 3 && number < 3 {
			return status.Error(codes.Unavailable, "the server goes away")
		}
		return nil
	}
	rows := func(yield func(*salesv1.ImportLeadsRequest) bool) {
		for number := range int64(5) {
			if !yield(&salesv1.ImportLeadsRequest{Row: number + 1}) {
				return
			}
		}
	}
	var results []int64
	for result, err := range sales.ImportLeads(t.Context(), rows) {
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, result.Row)
	}
	if !slices.Equal(results, []int64{1, 2, 3, 4, 5}) {
		t.Error(results)
	}
	if len(server.imported) != 3 {
		t.Fatalf("%d calls", len(server.imported))
	}
	for call, first := range []int64{1, 3, 3} {
		sent := server.imported[call]
		if sent[0].Row != first || sent[0].Parent != "workspaces/studio" {
			t.Errorf("call %d begins with %v", call, sent[0])
		}
	}
}
