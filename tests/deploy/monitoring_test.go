package deploy

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

var monitoring = filepath.Join(folder, "monitoring")

type rules struct {
	Groups []struct {
		Rules []struct {
			Alert       string
			Expr        string
			Annotations map[string]string
		}
	}
}

func alerts(t *testing.T) rules {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(monitoring, "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var read rules
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// dashboard gives the expression of every target by its panel's title.
func dashboard(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(monitoring, "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Panels []struct {
			Title   string
			Type    string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	expressions := map[string][]string{}
	for _, panel := range read.Panels {
		for _, target := range panel.Targets {
			expressions[panel.Title] = append(expressions[panel.Title], target.Expr)
		}
		if len(panel.Targets) == 0 && panel.Type != "row" {
			t.Errorf("%s shows nothing", panel.Title)
		}
	}
	return expressions
}

type pair struct{ cert, key string }

// certify makes a certificate for this machine that is its own CA.
func certify(t *testing.T) pair {
	t.Helper()
	folder := t.TempDir()
	made := pair{filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range []struct {
		file, kind string
		bytes      []byte
	}{{made.cert, "CERTIFICATE", signed}, {made.key, "PRIVATE KEY", secret}} {
		text := pem.EncodeToMemory(&pem.Block{Type: block.kind, Bytes: block.bytes})
		if err := os.WriteFile(block.file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return made
}

// served starts a salesd and gives its line `serving`, with the file of its CA.
func served(t *testing.T) map[string]any {
	t.Helper()
	store := "--store=sqlite:" + filepath.Join(t.TempDir(), "sales.db")
	output(t, salesd(t), "migrate", store)
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("k", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	certificate := certify(t)
	command := exec.Command(salesd(t), store, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
		"--metrics-listen=127.0.0.1:0", "--lame-duck-seconds=0", "--sweep-seconds=1", "--webhook-key-file="+key,
		"--tls-cert-file="+certificate.cert, "--tls-key-file="+certificate.key)
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line map[string]any
		if json.Unmarshal(lines.Bytes(), &line) == nil && line["message"] == "serving" {
			line["ca"] = certificate.cert
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return line
		}
	}
	t.Fatal("salesd does not serve")
	return nil
}

// series gives the names of what a salesd tells that has been called; of histograms with their endings.
func series(t *testing.T) []string {
	t.Helper()
	serving := served(t)
	connect := []string{fmt.Sprintf("--server=127.0.0.1:%.0f", serving["port"]), fmt.Sprintf("--ca-file=%s", serving["ca"])}
	for _, words := range [][]string{
		{"workspace", "create", "studio"},
		{"--workspace=studio", "lead", "capture", "--email=ivan@example.com"},
		{"--workspace=studio", "lead", "list"},
	} {
		output(t, salesctl(t), append(slices.Clone(connect), words...)...)
	}
	// The first sweep, and what is told after an answer.
	time.Sleep(1500 * time.Millisecond)
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%.0f/metrics", serving["metrics_port"]))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllSubmatch(page, -1) {
		names = append(names, string(match[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Every metric of ours that an expression names begins so.
var ours = regexp.MustCompile(`\b(?:grpc|sales|process)_[a-z_]+\b`)

// Labels that look like metrics.
var notMetrics = []string{"grpc_type", "grpc_service", "grpc_method", "grpc_code"}

func TestWhatAlertsAndTheDashboardAskForIsToldBySalesd(t *testing.T) {
	told := series(t)
	expressions := dashboard(t)
	for _, group := range alerts(t).Groups {
		for _, rule := range group.Rules {
			expressions[rule.Alert] = append(expressions[rule.Alert], rule.Expr)
		}
	}
	asked := 0
	for where, all := range expressions {
		for _, expression := range all {
			for _, name := range ours.FindAllString(expression, -1) {
				if slices.Contains(notMetrics, name) {
					continue
				}
				asked++
				if !slices.Contains(told, name) {
					t.Errorf("%s asks for %s, which salesd does not tell", where, name)
				}
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d names were found in %d places", asked, len(expressions))
	}
}

func TestEveryMetricOfOursIsOnTheDashboard(t *testing.T) {
	var shown []string
	for _, all := range dashboard(t) {
		for _, expression := range all {
			shown = append(shown, ours.FindAllString(expression, -1)...)
		}
	}
	for _, name := range series(t) {
		family := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if strings.HasPrefix(name, "sales_") && !slices.ContainsFunc(shown, func(s string) bool { return strings.HasPrefix(s, family) }) {
			t.Errorf("%s is shown nowhere", name)
		}
	}
}

// promtool gives the path of Prometheus' own checker.
func promtool(t *testing.T) string {
	path, err := exec.LookPath("promtool")
	if err != nil {
		missing(t, "promtool is not installed; ./dev test deploy installs it")
	}
	return path
}

func TestAlertsAreWellFormedAndFireWhenTheyShould(t *testing.T) {
	output(t, promtool(t), "check", "rules", "--lint=all", "--lint-fatal", filepath.Join(monitoring, "alerts.yaml"))
	output(t, promtool(t), "test", "rules", filepath.Join(monitoring, "alerts_test.yaml"))
}

func TestExpressionsOfTheDashboardAreWellFormed(t *testing.T) {
	variables := strings.NewReplacer("$__rate_interval", "5m", "$job", "sales", "$instance", ".*")
	var read struct {
		Groups []map[string]any `json:"groups"`
	}
	var recorded []map[string]string
	for _, all := range dashboard(t) {
		for _, expression := range all {
			recorded = append(recorded, map[string]string{
				"record": fmt.Sprintf("sales:panel%d", len(recorded)), "expr": variables.Replace(expression),
			})
		}
	}
	read.Groups = []map[string]any{{"name": "dashboard", "rules": recorded}}
	text, err := yaml.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	output(t, promtool(t), "check", "rules", file)
}

func TestEveryAlertHasItsSectionInTheRunbook(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(folder, "RUNBOOK.md"))
	if err != nil {
		t.Fatal(err)
	}
	var sections, named []string
	for _, match := range regexp.MustCompile(`(?m)^## (\w+)$`).FindAllSubmatch(text, -1) {
		sections = append(sections, string(match[1]))
	}
	for _, group := range alerts(t).Groups {
		for _, rule := range group.Rules {
			named = append(named, rule.Alert)
			if want := "service/deploy/RUNBOOK.md#" + strings.ToLower(rule.Alert); rule.Annotations["runbook_url"] != want {
				t.Errorf("%s: its runbook is %s", rule.Alert, rule.Annotations["runbook_url"])
			}
		}
	}
	if !slices.Equal(sections, named) {
		t.Errorf("the sections are %v,\nthe alerts %v", sections, named)
	}
}

func TestTheOperatorGetsTheAlertsOfTheFile(t *testing.T) {
	rendered, err := Render("production")
	if err != nil {
		t.Fatal(err)
	}
	var given []string
	for _, rule := range rendered.Rules["sales"].Spec.Groups[0].Rules {
		given = append(given, rule.Alert+" "+strings.TrimSpace(rule.Expr.String()))
	}
	var written []string
	for _, rule := range alerts(t).Groups[0].Rules {
		written = append(written, rule.Alert+" "+strings.TrimSpace(rule.Expr))
	}
	if !slices.Equal(given, written) {
		t.Errorf("%v\nare not\n%v", given, written)
	}
	if dashboard := rendered.ConfigMaps["sales-dashboard"]; dashboard == nil || !json.Valid([]byte(dashboard.Data["dashboard.json"])) {
		t.Error("Grafana gets no dashboard")
	}
}
