// Package libsales is a client of salesd: every method of the API, with deadline, retries and typed
// errors. Start at [Connect]; the messages are in [libsales.internal/libsales/salesv1].
//
// The package is a thin layer over the gRPC stubs and keeps no state. Times in messages are
// [google.golang.org/protobuf/types/known/timestamppb.Timestamp], whose New and AsTime are the way
// from and to [time.Time]; money is whole minor units, made by [ParseMoney].
package libsales

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Client has the verbs of one workspace, called by someone. It is safe for concurrent use.
//
// A request whose parent is left out is about the client's workspace. A request_id is made once a
// call and goes with every retry, so that a write whose answer was lost is not done twice; to repeat
// a call yourself, give one. Requests are not changed. Errors are of type [*Error].
type Client struct {
	// Every method of the API.
	Services

	conn    *grpc.ClientConn
	options options
}

// Connect makes a client of the server at target ("host:port"); it connects at the first call.
// Without an option that asks for TLS the connection is not encrypted.
func Connect(target string, opts ...Option) (*Client, error) {
	o := options{timeout: defaultTimeout}
	for _, opt := range opts {
		opt(&o)
	}
	security, err := o.security(target)
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(target, append(security,
		grpc.WithUserAgent("libsales-go/"+Version),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)),
		// A restarted server is found again while a call is retried, not after two minutes.
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff: backoff.Config{
				BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2,
				MaxDelay: 500 * time.Millisecond,
			},
			MinConnectTimeout: 5 * time.Second,
		}),
		// A watch notices that its peer is gone; servers refuse pings more often than 5 minutes.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: 320 * time.Second, Timeout: 20 * time.Second,
		}),
	)...)
	if err != nil {
		return nil, err
	}
	return newClient(conn, o), nil
}

func newClient(conn *grpc.ClientConn, o options) *Client {
	return &Client{Services: newServices(&caller{conn, o}), conn: conn, options: o}
}

// At makes a client of another workspace, or as someone else, or with another timeout, on the same
// connection. What concerns the connection itself cannot be changed.
func (c *Client) At(opts ...Option) *Client {
	o := c.options
	for _, opt := range opts {
		opt(&o)
	}
	return newClient(c.conn, o)
}

// Workspace is the name that the names of the workspace's resources begin with:
// "workspaces/studio". It is empty without a workspace.
func (c *Client) Workspace() string { return c.options.parent() }

// Name gives the name of a resource: Name("channels", "ads") is "workspaces/studio/channels/ads".
func (c *Client) Name(parts ...string) string {
	return strings.Join(append([]string{c.Workspace()}, parts...), "/")
}

// Close closes the connection, also for the clients made by At.
func (c *Client) Close() error { return c.conn.Close() }

// caller is the connection as the stubs see it: it completes requests and gives typed errors.
type caller struct {
	conn grpc.ClientConnInterface
	options
}

// Invoke makes a unary call.
func (c *caller) Invoke(
	ctx context.Context, method string, args, reply any, opts ...grpc.CallOption,
) error {
	if _, given := ctx.Deadline(); !given && c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	return typed(c.conn.Invoke(c.attributed(ctx), method, c.completed(args), reply, opts...))
}

// NewStream begins a streaming call, which has no deadline but that of its context.
func (c *caller) NewStream(
	ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption,
) (grpc.ClientStream, error) {
	stream, err := c.conn.NewStream(c.attributed(ctx), desc, method, opts...)
	if err != nil {
		return nil, typed(err)
	}
	return &typedStream{ClientStream: stream, caller: c}, nil
}

// attributed says who calls.
func (c *caller) attributed(ctx context.Context) context.Context {
	if c.actor == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "sales-actor", c.actor)
}

// completed fills in parent and request_id where the request has them and the caller did not. What
// the caller gave stays as it is: it may be used for the next call, which is another one.
func (c *caller) completed(args any) any {
	request, ok := args.(proto.Message)
	if !ok {
		return args
	}
	message := request.ProtoReflect()
	fields := message.Descriptor().Fields()
	parent, id := fields.ByName("parent"), fields.ByName("request_id")
	fillParent := parent != nil && c.workspace != "" && !message.Has(parent)
	fillID := id != nil && !message.Has(id)
	if !fillParent && !fillID {
		return args
	}
	filled := shallowCopy(message)
	if fillParent {
		filled.Set(parent, protoreflect.ValueOfString(c.parent()))
	}
	if fillID {
		filled.Set(id, protoreflect.ValueOfString(uuid.NewString()))
	}
	return filled.Interface()
}

// shallowCopy copies the fields of a message, which share what is below them.
func shallowCopy(message protoreflect.Message) protoreflect.Message {
	result := message.New()
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		result.Set(field, value)
		return true
	})
	return result
}

// typedStream completes the first message that is sent, and gives typed errors.
type typedStream struct {
	grpc.ClientStream
	caller *caller
	begun  bool
}

func (s *typedStream) SendMsg(message any) error {
	if !s.begun {
		message = s.caller.completed(message)
		s.begun = true
	}
	return typed(s.ClientStream.SendMsg(message))
}

func (s *typedStream) RecvMsg(message any) error { return typed(s.ClientStream.RecvMsg(message)) }
