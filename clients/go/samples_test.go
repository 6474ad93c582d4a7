package libsales_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"libsales.internal/libsales"
	"libsales.internal/libsales/internal/salesd"
	"libsales.internal/libsales/salesv1"
)

// sample builds a program of examples/.
func sample(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", program, "./examples/"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// output runs a program; gives what it prints.
func output(t *testing.T, stdin, program string, arguments ...string) string {
	t.Helper()
	command := exec.Command(program, arguments...)
	command.Stdin = strings.NewReader(stdin)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

func TestTheWalkthroughWinsOneAndRefusesOne(t *testing.T) {
	target := server(t).Target
	contains(t, output(t, "", sample(t, "walkthrough"), target, salesd.Unique("walk")),
		"missing requirements_agreed, asked for by", "won at 8600.00 EUR", "ARGUMENTS_REQUIRED",
		"channels/referral", "won 1 of 3")
}

func TestAnImportIsReported(t *testing.T) {
	sales, target := workspace(t), server(t).Target
	_, id, _ := strings.Cut(sales.Workspace(), "/")
	rows := "id,email,received,won,value\n" +
		"1,eva@example.com,2026-03-01T10:00:00+01:00,2026-03-05T10:00:00+01:00,4900.50\n" +
		"2,ada@example.com,2026-03-02T10:00:00+01:00,,\n"
	program := sample(t, "import")
	contains(t, output(t, rows, program, target, id), "2 RESULT_IMPORTED", "3 RESULT_IMPORTED")
	contains(t, output(t, rows, program, target, id), "2 RESULT_UNCHANGED", "3 RESULT_UNCHANGED")
	contains(t, output(t, "", sample(t, "report"), target, id), "(1/2, 95 % ", "4900.50")
}

func TestAWatchPrintsWhatHappens(t *testing.T) {
	sales := workspace(t)
	_, id, _ := strings.Cut(sales.Workspace(), "/")
	command := exec.Command(sample(t, "watch"), server(t).Target, id)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "1 EVENT_TYPE_WORKSPACE_CREATED") {
		t.Error(lines.Text())
	}
	_, err = sales.CreateChannel(t.Context(), &salesv1.CreateChannelRequest{ChannelId: "ads"})
	if err != nil {
		t.Error(err)
	}
	for lines.Scan() {
		if strings.Contains(lines.Text(), "EVENT_TYPE_CHANNEL_CREATED") &&
			strings.HasSuffix(lines.Text(), "ads") {
			break
		}
	}
	// An interrupt ends it well.
	_ = command.Process.Signal(syscall.SIGINT)
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}

// The module runs in an empty project, from its zip alone.
func TestTheModuleRunsInAnEmptyProject(t *testing.T) {
	target := salesd.Start(t).Target
	proxy, project := t.TempDir(), t.TempDir()
	publish(t, proxy)
	quickstart, err := os.ReadFile("examples/quickstart/main.go")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"main.go": string(quickstart),
		"go.sum":  string(sums),
		"go.mod":  "module example.com/project\n\ngo 1.26.0\n",
	} {
		if err := os.WriteFile(filepath.Join(project, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// What the module needs is here already, since this test was built with it.
	cache := strings.TrimSpace(output(t, "", "go", "env", "GOMODCACHE"))
	environment := append(os.Environ(),
		"GOPROXY=file://"+proxy+",file://"+filepath.Join(cache, "cache", "download"),
		"GONOSUMDB=libsales.internal", "GOFLAGS=-mod=mod -modcacherw", "GOWORK=off",
		"GOMODCACHE="+filepath.Join(t.TempDir(), "modules"))
	program := filepath.Join(project, "quickstart")
	for _, arguments := range [][]string{
		{"get", "libsales.internal/libsales@v" + libsales.Version},
		{"build", "-trimpath", "-o", program, "."},
	} {
		command := exec.Command("go", arguments...)
		command.Dir, command.Env = project, environment
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", arguments, err, out)
		}
	}
	contains(t, output(t, "", program, target),
		"not yet: requirements_agreed", "not yet: price_offered")
}
