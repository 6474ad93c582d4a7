package libsales

import (
	"context"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"libsales.internal/libsales/salesv1"
)

const (
	// How many rows of an import are under way at once, and kept to be sent again.
	importChunkMax = 1000
	// How long an import waits for a result, or for a lost server, before it gives up.
	importPatience = 60 * time.Second
)

// ImportLeads imports leads with their past, and gives a result for each row, in the order of the
// rows. A lost server is waited for, and rows without a result are sent again: one that was written
// just before is then UNCHANGED. A rejected row is a result, not an error; an error ends the import.
func (c *Client) ImportLeads(
	ctx context.Context, rows iter.Seq[*salesv1.ImportLeadsRequest],
) iter.Seq2[*salesv1.ImportLeadsResponse, error] {
	return func(yield func(*salesv1.ImportLeadsResponse, error) bool) {
		next, stop := iter.Pull(rows)
		defer stop()
		for chunk := take(next); len(chunk) > 0; chunk = take(next) {
			pause := newPauses()
			for len(chunk) > 0 {
				answered, wanted, err := c.importChunk(ctx, chunk, yield)
				if !wanted {
					return
				}
				chunk = chunk[answered:]
				if answered > 0 {
					pause = newPauses()
				}
				if len(chunk) == 0 {
					break
				}
				if !lost(ctx, err) || pause.lasted() > importPatience {
					yield(nil, err)
					return
				}
				pause.wait(ctx)
			}
		}
	}
}

func take(next func() (*salesv1.ImportLeadsRequest, bool)) []*salesv1.ImportLeadsRequest {
	var chunk []*salesv1.ImportLeadsRequest
	for len(chunk) < importChunkMax {
		row, more := next()
		if !more {
			break
		}
		chunk = append(chunk, row)
	}
	return chunk
}

// importChunk sends rows and yields their results. It says how many it has yielded, whether more are
// wanted, and why it stopped before the last.
func (c *Client) importChunk(
	ctx context.Context, rows []*salesv1.ImportLeadsRequest,
	yield func(*salesv1.ImportLeadsResponse, error) bool,
) (answered int, wanted bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Only the server's time counts, not that of whoever takes the results.
	silence := time.AfterFunc(importPatience, cancel)
	defer silence.Stop()
	stream, err := c.LeadServiceClient.ImportLeads(ctx)
	if err != nil {
		return 0, true, err
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for _, row := range rows {
			if stream.Send(row) != nil {
				return // Recv has the reason.
			}
		}
		_ = stream.CloseSend()
	}()
	defer func() {
		cancel()
		<-sent
	}()
	for answered < len(rows) {
		silence.Reset(importPatience)
		result, err := stream.Recv()
		inTime := silence.Stop()
		if err == io.EOF {
			err = typed(status.Error(codes.Unavailable, "the import ended before its last row"))
		}
		if err != nil && !inTime {
			err = typed(status.Error(codes.DeadlineExceeded, "the import had no result in time"))
		}
		if err != nil {
			return answered, true, err
		}
		answered++
		if !yield(result, nil) {
			return answered, false, nil
		}
	}
	// Having seen the end, the server knows that it was no loss.
	silence.Reset(importPatience)
	_, _ = stream.Recv()
	return answered, true, nil
}

// WatchEvents gives every event after a revision, each once and in order, and goes on until its
// context ends. Each item holds whole revisions, or none where the filter passed over some; to go on
// another day, watch after its revision. A lost server is waited for as long as it takes.
func (c *Client) WatchEvents(
	ctx context.Context, request *salesv1.WatchEventsRequest,
) iter.Seq2[*salesv1.WatchEventsResponse, error] {
	return func(yield func(*salesv1.WatchEventsResponse, error) bool) {
		resumed := &salesv1.WatchEventsRequest{}
		proto.Merge(resumed, request)
		pause := newPauses()
		for {
			for batch, err := range received(ctx, resumed, c.EventServiceClient.WatchEvents) {
				if err != nil {
					if !lost(ctx, err) {
						yield(nil, err)
						return
					}
					break
				}
				pause = newPauses()
				if batch.GetRevision() <= resumed.GetAfterRevision() {
					continue // A bookmark of what is known.
				}
				resumed.AfterRevision = batch.GetRevision()
				if !yield(batch, nil) {
					return
				}
			}
			pause.wait(ctx)
		}
	}
}

// received gives what a server streams until it ends, or an error does; leaving it ends the call.
func received[Request, Response any](
	ctx context.Context, request Request,
	begin func(context.Context, Request, ...grpc.CallOption) (grpc.ServerStreamingClient[Response], error),
) iter.Seq2[*Response, error] {
	return func(yield func(*Response, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := begin(ctx, request)
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			response, err := stream.Recv()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(response, nil) {
				return
			}
		}
	}
}

// page is the answer of a list method.
type page interface {
	GetNextPageToken() string
}

// pages gives the items of all pages; a page is asked for when it is needed.
func pages[Request proto.Message, Page page, Item any](
	ctx context.Context, request Request,
	list func(context.Context, Request, ...grpc.CallOption) (Page, error),
	items func(Page) []Item,
) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		message := shallowCopy(request.ProtoReflect())
		token := message.Descriptor().Fields().ByName("page_token")
		for {
			page, err := list(ctx, message.Interface().(Request))
			if err != nil {
				var none Item
				yield(none, err)
				return
			}
			for _, item := range items(page) {
				if !yield(item, nil) {
					return
				}
			}
			if page.GetNextPageToken() == "" {
				return
			}
			message.Set(token, protoreflect.ValueOfString(page.GetNextPageToken()))
		}
	}
}

// lost tells whether a stream ended in a way that the caller did not ask for and another try helps.
func lost(ctx context.Context, err error) bool {
	var failure *Error
	if ctx.Err() != nil || !errors.As(err, &failure) {
		return false
	}
	switch failure.Code {
	case codes.Unavailable, codes.Canceled, codes.DeadlineExceeded:
		return true
	}
	return false
}

// pauses wait longer after each loss in a row, at random, so that clients do not return as one.
type pauses struct {
	since time.Time
	next  time.Duration
}

func newPauses() *pauses { return &pauses{since: time.Now(), next: 50 * time.Millisecond} }

// lasted says for how long there was no progress.
func (p *pauses) lasted() time.Duration { return time.Since(p.since) }

func (p *pauses) wait(ctx context.Context) {
	select {
	case <-time.After(time.Duration((0.5 + rand.Float64()/2) * float64(p.next))):
	case <-ctx.Done():
	}
	p.next = min(2*p.next, 2*time.Second)
}
