package libsales_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"libsales.internal/libsales"
	"libsales.internal/libsales/internal/salesd"
	"libsales.internal/libsales/salesv1"
)

const (
	kills      = 4
	importRows = 6000
)

// studio gives a server that the test may kill, and a client of a workspace in it.
func studio(t *testing.T) (*salesd.Server, *libsales.Client) {
	server := salesd.Start(t)
	sales := connect(t, server.Target, libsales.WithWorkspace("studio"), libsales.WithActor("test"))
	create(t, sales, "studio")
	return server, sales
}

// watchAll collects what a watch gives until a revision. A fickle watcher leaves at random and goes
// on with a new client.
func watchAll(
	ctx context.Context, target string, fickle bool, last func() int64,
) ([]*salesv1.WatchEventsResponse, error) {
	var batches []*salesv1.WatchEventsResponse
	after := int64(0)
	for {
		sales, err := libsales.Connect(target, libsales.WithWorkspace("studio"))
		if err != nil {
			return nil, err
		}
		request := &salesv1.WatchEventsRequest{AfterRevision: after}
		for batch, err := range sales.WatchEvents(ctx, request) {
			if err != nil {
				_ = sales.Close()
				return nil, err
			}
			batches = append(batches, batch)
			after = batch.Revision
			if end := last(); end > 0 && after >= end {
				return batches, sales.Close()
			}
			if fickle && rand.IntN(5) == 0 {
				break
			}
		}
		_ = sales.Close()
	}
}

func TestAWatchMissesAndRepeatsNothingWhileTheServerIsKilled(t *testing.T) {
	server, sales := studio(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()

	var mutex sync.Mutex
	end := int64(-1)
	last := func() int64 {
		mutex.Lock()
		defer mutex.Unlock()
		return end
	}
	var watching sync.WaitGroup
	given := make([][]*salesv1.WatchEventsResponse, 2)
	failures := make([]error, 2)
	for i, fickle := range []bool{false, true} {
		watching.Go(func() { given[i], failures[i] = watchAll(ctx, server.Target, fickle, last) })
	}

	written := make(chan struct{})
	captured := 0
	go func() {
		defer close(written)
		for ; captured < 400; captured++ {
			request := &salesv1.CaptureLeadRequest{
				Contact: &salesv1.Contact{
					Identities: []*salesv1.Identity{
						libsales.Email(fmt.Sprintf("p%d@example.com", captured)),
					},
				},
				RequestId: fmt.Sprintf("capture-%d", captured),
			}
			for {
				if _, err := sales.CaptureLead(ctx, request); err == nil {
					break
				}
				if ctx.Err() != nil {
					return
				}
			}
			time.Sleep(time.Millisecond)
		}
	}()
	for range kills {
		time.Sleep(time.Duration(50+rand.IntN(150)) * time.Millisecond)
		server.Kill()
		server.Serve(t)
	}
	<-written
	var recorded []*salesv1.Event
	for event, err := range sales.ListEvents(ctx, &salesv1.ListEventsRequest{PageSize: 1000}) {
		if err != nil {
			t.Fatal(err)
		}
		recorded = append(recorded, event)
	}
	mutex.Lock()
	end = recorded[len(recorded)-1].Revision
	mutex.Unlock()
	// A watcher that has seen the last revision already looks again when there is another.
	if _, err := sales.CreateChannel(ctx, &salesv1.CreateChannelRequest{ChannelId: "last"}); err != nil {
		t.Fatal(err)
	}
	watching.Wait()

	for i, batches := range given {
		if failures[i] != nil {
			t.Fatal(failures[i])
		}
		compareWatched(t, batches, recorded)
	}
}

// compareWatched holds what a watch gave against what is recorded.
func compareWatched(
	t *testing.T, batches []*salesv1.WatchEventsResponse, recorded []*salesv1.Event,
) {
	t.Helper()
	seen, number := int64(0), 0
	for _, batch := range batches {
		if batch.Revision <= seen {
			t.Fatalf("revision %d after %d", batch.Revision, seen)
		}
		for _, event := range batch.Events {
			if event.Revision <= seen || event.Revision > batch.Revision {
				t.Fatalf("an event of %d in a batch from %d to %d", event.Revision, seen, batch.Revision)
			}
			if number == len(recorded) {
				return // The one that ended the wait.
			}
			if !proto.Equal(event, recorded[number]) {
				t.Fatalf("event %d is %v, recorded is %v", number, event, recorded[number])
			}
			number++
		}
		seen = batch.Revision
	}
	if number != len(recorded) {
		t.Fatalf("%d events of %d", number, len(recorded))
	}
}

// pastLead is a row of an import; every fifth lead was won.
func pastLead(number int64) *salesv1.ImportLeadsRequest {
	received := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Hour)
	row := &salesv1.ImportLeadsRequest{
		Row: number,
		Capture: &salesv1.CaptureLeadRequest{
			Lead: &salesv1.Lead{ExternalId: fmt.Sprintf("row-%d", number), Need: "a site"},
			Contact: &salesv1.Contact{
				Identities: []*salesv1.Identity{
					libsales.Email(fmt.Sprintf("row%d@example.com", number)),
				},
			},
			ReceiveTime: timestamppb.New(received),
		},
	}
	if number%5 == 0 {
		row.Steps = append(row.Steps, &salesv1.ImportStep{
			OccurTime: timestamppb.New(received.AddDate(0, 0, 2)),
			Step: &salesv1.ImportStep_Win{Win: &salesv1.WinLeadRequest{
				Value: libsales.MustMoney("100", "EUR"), OverrideReason: "import",
			}},
		})
	}
	return row
}

func pastLeads(count int64) func(func(*salesv1.ImportLeadsRequest) bool) {
	return func(yield func(*salesv1.ImportLeadsRequest) bool) {
		for number := range count {
			if !yield(pastLead(number)) {
				return
			}
		}
	}
}

// imported runs an import; gives how often each result came.
func imported(t *testing.T, sales *libsales.Client) map[salesv1.ImportLeadsResponse_Result]int {
	t.Helper()
	counts := map[salesv1.ImportLeadsResponse_Result]int{}
	expected := int64(0)
	for result, err := range sales.ImportLeads(t.Context(), pastLeads(importRows)) {
		if err != nil {
			t.Fatal(err)
		}
		if result.Row != expected {
			t.Fatalf("a result for row %d, expected %d", result.Row, expected)
		}
		expected++
		counts[result.Result]++
	}
	if expected != importRows {
		t.Fatalf("%d results", expected)
	}
	return counts
}

func TestAnImportGoesOnAfterTheServerWasKilled(t *testing.T) {
	server, sales := studio(t)
	done, disturbed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(disturbed)
		for range kills {
			select {
			case <-done:
				return
			case <-time.After(time.Duration(50+rand.IntN(150)) * time.Millisecond):
			}
			server.Kill()
			time.Sleep(50 * time.Millisecond)
			server.Serve(t)
		}
	}()
	counts := imported(t, sales)
	close(done)
	<-disturbed
	if counts[salesv1.ImportLeadsResponse_RESULT_REJECTED] != 0 {
		t.Error(counts)
	}
	counts = imported(t, sales)
	if counts[salesv1.ImportLeadsResponse_RESULT_UNCHANGED] != importRows {
		t.Errorf("imported again: %v", counts)
	}
	funnel, err := sales.ReportFunnel(t.Context(), &salesv1.ReportFunnelRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if funnel.Received != importRows || funnel.Outcomes.Won != importRows/5 {
		t.Errorf("received %d, won %d", funnel.Received, funnel.Outcomes.Won)
	}
}

func TestRowsAreReadAsTheyAreSent(t *testing.T) {
	sales := workspace(t)
	read := 0
	rows := func(yield func(*salesv1.ImportLeadsRequest) bool) {
		for row := range pastLeads(2500) {
			read++
			if !yield(row) {
				return
			}
		}
	}
	for _, err := range sales.ImportLeads(t.Context(), rows) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if read != 1000 {
		t.Errorf("read %d rows for the first result", read)
	}
}
