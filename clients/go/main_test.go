package libsales_test

import (
	"errors"
	"os"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"

	"libsales.internal/libsales"
	"libsales.internal/libsales/internal/salesd"
	"libsales.internal/libsales/salesv1"
)

// The server that the tests of the run share, each in its own workspace.
var shared struct {
	once   sync.Once
	run    *run
	server *salesd.Server
}

// run is a testing.TB that lasts as long as all tests: what it is to clean up waits for the end.
type run struct {
	testing.TB
	cleanups []func()
	folder   string
}

func (r *run) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *run) TempDir() string  { return r.folder }

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.run != nil {
		for _, f := range shared.run.cleanups {
			f()
		}
		os.RemoveAll(shared.run.folder)
	}
	os.Exit(code)
}

func server(t testing.TB) *salesd.Server {
	t.Helper()
	salesd.Program(t)
	shared.once.Do(func() {
		folder, err := os.MkdirTemp("", "salesd")
		if err != nil {
			t.Fatal(err)
		}
		shared.run = &run{TB: t, folder: folder}
		shared.server = salesd.Start(shared.run)
	})
	if shared.server == nil {
		t.Fatal("the shared server did not start")
	}
	return shared.server
}

func connect(t testing.TB, target string, opts ...libsales.Option) *libsales.Client {
	t.Helper()
	client, err := libsales.Connect(target, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// workspace gives a client of a new workspace of the shared server.
func workspace(t testing.TB) *libsales.Client {
	t.Helper()
	id := salesd.Unique("w")
	sales := connect(t, server(t).Target, libsales.WithWorkspace(id), libsales.WithActor("test"))
	create(t, sales, id)
	return sales
}

func create(t testing.TB, sales *libsales.Client, id string) {
	t.Helper()
	request := &salesv1.CreateWorkspaceRequest{WorkspaceId: id}
	if _, err := sales.CreateWorkspace(t.Context(), request); err != nil {
		t.Fatal(err)
	}
}

// refused gives the error that a call is expected to end in.
func refused(t testing.TB, err error, code codes.Code, reason string) *libsales.Error {
	t.Helper()
	var failure *libsales.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v, which is no *libsales.Error", err)
	}
	if failure.Code != code || failure.Reason != reason {
		t.Fatalf("got %v %s, expected %v %s", failure.Code, failure, code, reason)
	}
	return failure
}
