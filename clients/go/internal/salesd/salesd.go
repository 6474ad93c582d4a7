// Package salesd runs the real server on a store of its own, for the tests.
package salesd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const startTimeout = 30 * time.Second

// Root is the repository that this file is in.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..")
}

// Program is the server that the environment names, or else the one of the release build. A test that
// misses it is skipped, and fails where nobody looks at what was skipped.
func Program(t testing.TB) string {
	t.Helper()
	program := os.Getenv("SALESD")
	if program == "" {
		program = filepath.Join(Root(), "build", "release", "service", "salesd")
	}
	if _, err := os.Stat(program); err != nil {
		reason := "salesd is not built: build it, or name it in SALESD"
		if os.Getenv("CI") == "true" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	return program
}

var unique atomic.Int64

// Unique is an id that no other test of this run has.
func Unique(prefix string) string {
	return fmt.Sprintf("%s-%d-%d", prefix, os.Getpid(), unique.Add(1))
}

// Server is a process on a store; it may be killed and started again on the same port.
type Server struct {
	// Target is the address to connect to.
	Target string
	// Store is the store's URI, for other programs.
	Store string

	program string
	log     string
	flags   []string
	command *exec.Cmd
}

// Start makes a store and starts a server on it that ends with the test.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	s := New(t, flags...)
	s.Serve(t)
	return s
}

// New makes a store, and says where its server will be.
func New(t testing.TB, flags ...string) *Server {
	t.Helper()
	folder := t.TempDir()
	s := &Server{
		Target:  fmt.Sprintf("127.0.0.1:%d", lastingPort()),
		Store:   "sqlite:" + filepath.Join(folder, "sales.db"),
		program: Program(t),
		log:     logFile(folder),
		flags:   flags,
	}
	if out, err := exec.Command(s.program, "migrate", "--store="+s.Store).CombinedOutput(); err != nil {
		t.Fatalf("salesd migrate: %v\n%s", err, out)
	}
	t.Cleanup(func() { s.Stop(t) })
	return s
}

// logFile is where a log goes: where the environment says, to be looked through, or beside the store.
func logFile(folder string) string {
	if kept := os.Getenv("SALESD_LOGS"); kept != "" {
		return filepath.Join(kept, Unique("go")+".log")
	}
	return filepath.Join(folder, "salesd.log")
}

// Run makes another call of the program, such as `salesd token`; gives what it prints.
func (s *Server) Run(t testing.TB, arguments ...string) string {
	t.Helper()
	var complaint bytes.Buffer
	command := exec.Command(s.program, arguments...)
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("salesd %v: %v\n%s", arguments, err, complaint.String())
	}
	return string(out)
}

// Serve starts the server, and waits until it says that it listens.
func (s *Server) Serve(t testing.TB) {
	t.Helper()
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	begin, err := log.Seek(0, 2)
	if err != nil {
		t.Fatal(err)
	}
	s.command = exec.Command(s.program, append([]string{
		"serve", "--store=" + s.Store, "--listen=" + s.Target, "--admin-listen=127.0.0.1:0",
		"--lame-duck-seconds=0",
		// What a test records is all that is recorded.
		"--sweep-seconds=0",
		"--webhook-key-file=" + filepath.Join(Root(), "tests", "scenarios", "webhook.key"),
	}, s.flags...)...)
	s.command.Stdout, s.command.Stderr = log, log
	// A test that dies takes its server with it.
	s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); {
		if announced(s.log, begin) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	text, _ := os.ReadFile(s.log)
	t.Fatalf("salesd did not start:\n%s", text)
}

// announced tells whether the log says, after an offset, that the server serves.
func announced(path string, after int64) bool {
	log, err := os.Open(path)
	if err != nil {
		return false
	}
	defer log.Close()
	if _, err := log.Seek(after, 0); err != nil {
		return false
	}
	for lines := bufio.NewScanner(log); lines.Scan(); {
		var line struct{ Message string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Message == "serving" {
			return true
		}
	}
	return false
}

// Kill kills the server as a power cut would.
func (s *Server) Kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

// Stop asks the server to finish, and looks whether it did so cleanly.
func (s *Server) Stop(t testing.TB) {
	if s.command == nil || s.command.ProcessState != nil {
		return
	}
	_ = s.command.Process.Signal(syscall.SIGTERM)
	if err := s.command.Wait(); err != nil {
		t.Errorf("salesd ended with %v", err)
	}
}

// lastingPort is a port to come back to after a kill. It is below those that the kernel gives to
// connections: a client that looks for a dead server on one of those may be connected with itself,
// and so take the port away.
func lastingPort() int {
	for {
		port := 15_000 + rand.IntN(15_000)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = listener.Close()
			return port
		}
	}
}
