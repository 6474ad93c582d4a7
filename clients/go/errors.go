package libsales

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is a call that was not answered as asked. Find it with [errors.As], and decide by Code or by
// Reason. It is context.DeadlineExceeded or context.Canceled to [errors.Is] where its code says so.
//
//   - FailedPrecondition: the record's state does not allow it; Missing names each condition unmet.
//   - Aborted: somebody else was first; read again and decide anew.
//   - Unavailable: the server is not reached; retried already, may be tried again.
//   - ResourceExhausted: too much at once; wait for RetryDelay. Or the store is full.
//   - DeadlineExceeded: whether it was done is unknown; repeat it with the same request_id.
type Error struct {
	Code codes.Code
	// Reason is one of the published list without its prefix, such as "ETAG_MISMATCH"; it is empty if
	// the server never saw the call.
	Reason string
	// Message says what is wrong and what to do.
	Message string
	// Metadata has the values that go with the reason, such as the limit that was passed.
	Metadata map[string]string
	Fields   []FieldViolation
	Missing  []MissingCondition
	// RetryDelay is after how long trying again may help, if the server said so; else 0.
	RetryDelay time.Duration

	status *status.Status
}

// FieldViolation is what is wrong with one field of the request.
type FieldViolation struct {
	// Field is a path: "contact.identities[0].value".
	Field       string
	Description string
}

// MissingCondition is a condition of the funnel policy that the lead does not meet.
type MissingCondition struct {
	// Condition is in the policy's words: "requirements_agreed", "interest >= 50".
	Condition string
	// Stage is the one whose entry asks for it.
	Stage       string
	Description string
}

// Error is "GUARD_UNMET: what is wrong and what to do".
func (e *Error) Error() string {
	if e.Reason != "" {
		return e.Reason + ": " + e.Message
	}
	return e.Code.String() + ": " + e.Message
}

// GRPCStatus gives the status that the error came in, for code that knows gRPC.
func (e *Error) GRPCStatus() *status.Status { return e.status }

// Is makes the error one of package context where it is one.
func (e *Error) Is(target error) bool {
	return target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded ||
		target == context.Canceled && e.Code == codes.Canceled
}

// typed makes an error of gRPC an *Error; the end of a stream stays what it is.
func typed(err error) error {
	var done *Error
	if err == nil || err == io.EOF || errors.As(err, &done) {
		return err
	}
	state := status.Convert(err)
	result := &Error{Code: state.Code(), Message: state.Message(), status: state}
	for _, detail := range state.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			result.Reason, result.Metadata = detail.GetReason(), detail.GetMetadata()
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				result.Fields = append(result.Fields,
					FieldViolation{violation.GetField(), violation.GetDescription()})
			}
		case *errdetails.RetryInfo:
			result.RetryDelay = detail.GetRetryDelay().AsDuration()
		case *errdetails.PreconditionFailure:
			for _, violation := range detail.GetViolations() {
				// "condition: what it asks for", or the condition alone.
				condition, description, _ := strings.Cut(violation.GetDescription(), ": ")
				result.Missing = append(result.Missing,
					MissingCondition{condition, violation.GetSubject(), description})
			}
		}
	}
	return result
}
