package libsales_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"libsales.internal/libsales/salesv1"
)

// bare is the stub, called with a deadline as every call should be.
type bare struct{ salesv1.LeadServiceClient }

func (b bare) GetLead(
	ctx context.Context, request *salesv1.GetLeadRequest, opts ...grpc.CallOption,
) (*salesv1.Lead, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return b.LeadServiceClient.GetLead(ctx, request, opts...)
}

// BenchmarkOverhead compares GetLead of the client with that of the bare stub, call by call in turn,
// and reports the medians of both and what the client adds.
func BenchmarkOverhead(b *testing.B) {
	sales := workspace(b)
	conn, err := grpc.NewClient(server(b).Target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	captured, err := sales.CaptureLead(b.Context(), &salesv1.CaptureLeadRequest{
		Contact: &salesv1.Contact{DisplayName: "Eva"},
	})
	if err != nil {
		b.Fatal(err)
	}
	request := &salesv1.GetLeadRequest{Name: captured.Lead.Name}
	clients := []interface {
		GetLead(context.Context, *salesv1.GetLeadRequest, ...grpc.CallOption) (*salesv1.Lead, error)
	}{bare{salesv1.NewLeadServiceClient(conn)}, sales}
	var times [2][]time.Duration
	for b.Loop() {
		for i, client := range clients {
			begin := time.Now()
			if _, err := client.GetLead(b.Context(), request); err != nil {
				b.Fatal(err)
			}
			times[i] = append(times[i], time.Since(begin))
		}
	}
	var medians [2]float64
	for i := range times {
		slices.Sort(times[i])
		medians[i] = float64(times[i][len(times[i])/2])
	}
	b.ReportMetric(medians[0]/1e3, "bare-µs/call")
	b.ReportMetric(medians[1]/1e3, "client-µs/call")
	b.ReportMetric(100*(medians[1]/medians[0]-1), "%-overhead")
}
