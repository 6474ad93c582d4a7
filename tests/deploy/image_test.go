package deploy

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
)

const (
	base  = "localhost/debian:12"
	image = "localhost/salesd:test"
	// The variable that has the programs compiled within the image, as who builds it from the Containerfile
	// gets them: minutes. Without it they are those of build/release.
	compiled = "SALES_IMAGE_COMPILED"
)

// As on a machine that is a container itself: no cgroups of its own, no overlay file system.
var (
	asRun = []string{"--runtime=runc", "--cgroup-manager=cgroupfs"}
	// What the manifests ask of Kubernetes.
	locked = []string{"run", "--rm", "--read-only", "--user=65532:65532", "--cap-drop=ALL",
		"--security-opt=no-new-privileges", "--network=host", "--ulimit=nofile=1024:4096", "--ulimit=nproc=1000:1000"}
)

// containers runs podman or buildah on images that are this test's own and kept between runs.
func containers(t *testing.T, tool string, arguments ...string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		missing(t, "%s is not installed; ./dev test deploy installs it", tool)
	}
	kept, err := filepath.Abs(filepath.Join(root, "build", "deploy"))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"--root=" + filepath.Join(kept, "images"), "--runroot=" + filepath.Join(kept, "run")}
	if tool == "podman" {
		all = append(all, asRun...)
	}
	command := exec.Command(tool, append(all, arguments...)...)
	command.Env = append(os.Environ(), "STORAGE_DRIVER=vfs", "BUILDAH_ISOLATION=chroot")
	command.Dir = root
	return command
}

func run(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	var errors bytes.Buffer
	command.Stderr = &errors
	text, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\n%s", strings.Join(command.Args, " "), err, text, errors.String())
	}
	return string(text)
}

// makeBase makes the Debian that the image is built from, where no registry has to be asked.
func makeBase(t *testing.T) {
	t.Helper()
	if containers(t, "podman", "image", "exists", base).Run() == nil {
		return
	}
	if _, err := exec.LookPath("mmdebstrap"); err != nil {
		missing(t, "mmdebstrap is not installed; ./dev test deploy installs it")
	}
	archive := filepath.Join(t.TempDir(), "debian.tar")
	run(t, exec.Command("mmdebstrap", "--variant=apt", "--quiet", "bookworm", archive))
	run(t, containers(t, "podman", "import", "--quiet", archive, base))
}

// inspected is what an image says of itself.
type inspected struct {
	Config struct {
		User       string
		Entrypoint []string
		Labels     map[string]string
	}
	Size int64
}

func TestTheImageServesAsTheManifestsRunIt(t *testing.T) {
	if os.Getuid() != 0 {
		missing(t, "building images without root needs user namespaces")
	}
	version := projectVersion(t)
	build := []string{"bud", "--quiet", "--build-arg=DEBIAN=" + base, "--build-arg=VERSION=" + version,
		"--file=service/deploy/Containerfile", "--tag=" + image}
	if os.Getenv(compiled) == "" {
		build = append(build, "--target=prebuilt")
		// The Containerfile copies them from there.
		for _, built := range []string{"service/salesd", "clients/cli/salesctl"} {
			if _, err := os.Stat(filepath.Join(root, "build", "release", built)); err != nil {
				missing(t, "%s is not built", built)
			}
		}
	}
	makeBase(t)
	start := time.Now()
	run(t, containers(t, "buildah", append(build, ".")...))
	t.Logf("built in %v", time.Since(start).Round(time.Second))
	t.Cleanup(func() { _ = containers(t, "podman", "image", "prune", "--force").Run() })

	t.Run("it says what it is", func(t *testing.T) { saysWhatItIs(t, version) })
	t.Run("it holds what it says and no shell", holdsWhatItSays)
	t.Run("it migrates, serves, and stops as told", serves)
}

// projectVersion gives the version that CMakeLists.txt states, which programs are to say of themselves.
func projectVersion(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "CMakeLists.txt"))
	if err != nil {
		t.Fatal(err)
	}
	stated := regexp.MustCompile(`project\(\w+ VERSION (\S+)`).FindSubmatch(text)
	if stated == nil {
		t.Fatal("CMakeLists.txt states no version")
	}
	return string(stated[1])
}

func saysWhatItIs(t *testing.T, version string) {
	var images []inspected
	if err := json.Unmarshal([]byte(run(t, containers(t, "podman", "image", "inspect", image))), &images); err != nil {
		t.Fatal(err)
	}
	t.Logf("it has %d MB", images[0].Size/1_000_000)
	config := images[0].Config
	if config.User != "65532:65532" || !slices.Equal(config.Entrypoint, []string{"/usr/bin/salesd"}) {
		t.Errorf("it runs %v as %s", config.Entrypoint, config.User)
	}
	if config.Labels["org.opencontainers.image.version"] != version || config.Labels["org.opencontainers.image.title"] != "salesd" {
		t.Errorf("its labels are %v", config.Labels)
	}
	told := run(t, containers(t, "podman", append(append([]string{}, locked...), image, "--version")...))
	if strings.TrimSpace(told) != "salesd "+version {
		t.Errorf("its salesd says that it is %q", told)
	}
}

func holdsWhatItSays(t *testing.T) {
	folder := strings.TrimSpace(run(t, containers(t, "podman", "image", "mount", image)))
	t.Cleanup(func() { run(t, containers(t, "podman", "image", "unmount", image)) })
	programs, err := filepath.Glob(filepath.Join(folder, "usr", "bin", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range programs {
		programs[i] = filepath.Base(programs[i])
	}
	if !slices.Equal(programs, []string{"salesctl", "salesd"}) {
		t.Errorf("its programs are %v", programs)
	}

	text, err := os.Open(filepath.Join(folder, "usr", "share", "sales", "salesd.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	parts := new(cyclonedx.BOM)
	if err := cyclonedx.NewBOMDecoder(text, cyclonedx.BOMFileFormatJSON).Decode(parts); err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, part := range *parts.Components {
		listed = append(listed, part.Name)
		if !strings.HasPrefix(part.PackageURL, "pkg:deb/debian/") || part.Version == "" {
			t.Errorf("%s is %q, %q", part.Name, part.PackageURL, part.Version)
		}
		if _, err := os.Stat(filepath.Join(folder, "usr", "share", "doc", part.Name, "copyright")); err != nil {
			t.Error(err)
		}
	}
	known, err := os.ReadDir(filepath.Join(folder, "var", "lib", "dpkg", "status.d"))
	if err != nil {
		t.Fatal(err)
	}
	if len(known) != len(listed) || !slices.Contains(listed, "libc6") || !slices.Contains(listed, "libsqlite3-0") ||
		!slices.Contains(listed, "tzdata") {
		t.Errorf("dpkg knows %d packages, and listed are %v", len(known), listed)
	}
}

func serves(t *testing.T) {
	rendered, err := Render("development")
	if err != nil {
		t.Fatal(err)
	}
	settings, err := rendered.Settings(rendered.Server().Template.Spec.Containers[0])
	if err != nil {
		t.Fatal(err)
	}
	// The ports may be taken on this machine; all else is as in the cluster.
	for _, name := range []string{"SALES_LISTEN", "SALES_ADMIN_LISTEN", "SALES_METRICS_LISTEN"} {
		settings[name] = "127.0.0.1:0"
	}
	volume := t.TempDir()
	if err := os.Chown(volume, 65532, 65532); err != nil {
		t.Fatal(err)
	}
	arguments := append(append([]string{}, locked...), "--name=salesd-test", "--volume="+volume+":/var/lib/sales", "--tmpfs=/tmp")
	for name, value := range settings {
		arguments = append(arguments, "--env="+name+"="+value)
	}
	arguments = append(arguments, image)
	_ = containers(t, "podman", "rm", "--force", "salesd-test").Run()

	run(t, containers(t, "podman", append(arguments, "migrate")...))
	server := containers(t, "podman", arguments...)
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = containers(t, "podman", "rm", "--force", "salesd-test").Run() })
	lines := bufio.NewScanner(log)
	serving := logged(t, lines, "serving")

	isHealthy(t, int(serving["admin_port"].(float64)))
	ctl := func(arguments ...string) string {
		server := fmt.Sprintf("--server=127.0.0.1:%.0f", serving["port"])
		return run(t, containers(t, "podman", append([]string{"exec", "salesd-test", "/usr/bin/salesctl", server}, arguments...)...))
	}
	ctl("workspace", "create", "studio", "--time-zone=Europe/Amsterdam")
	ctl("--workspace=studio", "lead", "capture", "--id=shop", "--name=Иван Петров", "--email=ivan@example.com")
	if told := ctl("--workspace=studio", "contact", "list"); !strings.Contains(told, "Иван Петров") {
		t.Errorf("of the contact that was captured it says %q", told)
	}
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%.0f/metrics", serving["metrics_port"]))
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal("its metrics cannot be scraped", err)
	}
	answer.Body.Close()

	run(t, containers(t, "podman", "stop", "--time=60", "salesd-test"))
	logged(t, lines, "stopped")
	if err := server.Wait(); err != nil {
		t.Errorf("it ended badly: %v", err)
	}
}

// logged waits for a line of the log.
func logged(t *testing.T, lines *bufio.Scanner, message string) map[string]any {
	t.Helper()
	for lines.Scan() {
		var line map[string]any
		if json.Unmarshal(lines.Bytes(), &line) == nil && line["message"] == message {
			return line
		}
	}
	t.Fatalf("salesd does not say %q", message)
	return nil
}

// isHealthy asks what Kubernetes' probes ask, as they do.
func isHealthy(t *testing.T, port int) {
	t.Helper()
	connection, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", port), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, service := range []string{"liveness", "readiness"} {
		answer, err := health.NewHealthClient(connection).Check(ctx, &health.HealthCheckRequest{Service: service})
		if err != nil || answer.Status != health.HealthCheckResponse_SERVING {
			t.Errorf("%s: %v %v", service, answer, err)
		}
	}
}
