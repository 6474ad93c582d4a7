package libsales

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
)

// tokenFile is a bearer token in a file, which is read again when it is written or replaced.
type tokenFile struct {
	path string

	mutex sync.Mutex
	// The file as it was when it was read, and what was in it.
	info  os.FileInfo
	token string
}

// GetRequestMetadata says who calls, to gRPC.
func (t *tokenFile) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	token, err := t.read()
	if err != nil {
		return nil, err
	}
	return map[string]string{"authorization": "Bearer " + token}, nil
}

// RequireTransportSecurity is false, since [Connect] has made sure of it with more care: a server on
// this machine may do without.
func (t *tokenFile) RequireTransportSecurity() bool { return false }

func (t *tokenFile) read() (string, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	info, err := os.Stat(t.path)
	if err != nil {
		return "", fmt.Errorf("libsales: token: %w", err)
	}
	if t.info != nil && os.SameFile(info, t.info) &&
		info.ModTime().Equal(t.info.ModTime()) && info.Size() == t.info.Size() {
		return t.token, nil
	}
	text, err := os.ReadFile(t.path)
	if err != nil {
		return "", fmt.Errorf("libsales: token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return "", fmt.Errorf("libsales: token: %s is empty", t.path)
	}
	t.info, t.token = info, token
	return token, nil
}
