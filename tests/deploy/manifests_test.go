package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	admission "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// forEachOverlay runs a test on every overlay as it is rendered.
func forEachOverlay(t *testing.T, test func(t *testing.T, rendered *Rendered)) {
	for _, overlay := range overlays {
		t.Run(overlay, func(t *testing.T) {
			rendered, err := Render(overlay)
			if err != nil {
				t.Fatal(err)
			}
			test(t, rendered)
		})
	}
}

// program gives the path of a program of ours; where it is not built, the test is skipped, and in CI
// fails.
func program(t *testing.T, variable, builtAs string) string {
	path := os.Getenv(variable)
	if path == "" {
		path = filepath.Join(root, "build", "release", builtAs)
	}
	if _, err := os.Stat(path); err != nil {
		missing(t, "%s is not built: %v", builtAs, err)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func salesd(t *testing.T) string { return program(t, "SALESD", "service/salesd") }
func salesctl(t *testing.T) string {
	return program(t, "SALESCTL", "clients/cli/salesctl")
}

func missing(t *testing.T, format string, arguments ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, arguments...)
	}
	t.Skipf(format, arguments...)
}

func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	text, err := exec.Command(name, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, text)
	}
	return string(text)
}

func TestEveryOverlayIsOfTheOfficialTypes(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		if len(rendered.StatefulSets)+len(rendered.Deployments) != 1 || len(rendered.Services) < 2 {
			t.Errorf("%d stateful sets, %d deployments, %d services",
				len(rendered.StatefulSets), len(rendered.Deployments), len(rendered.Services))
		}
		for _, object := range rendered.Objects {
			if rendered.Namespaces[object.GetName()] == nil && rendered.Namespaces[object.GetNamespace()] == nil {
				t.Errorf("%s is in the namespace %q, which is not there", object.GetName(), object.GetNamespace())
			}
		}
	})
}

func TestPodsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		t.Fatal(err)
	}
	restricted := admission.LevelVersion{Level: admission.LevelRestricted, Version: admission.LatestVersion()}
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for _, workload := range rendered.Workloads() {
			results := evaluator.EvaluatePod(restricted, &workload.Template.ObjectMeta, &workload.Template.Spec)
			if all := policy.AggregateCheckResults(results); !all.Allowed {
				t.Errorf("%s: %s: %s", workload.Name, all.ForbiddenReason(), all.ForbiddenDetail())
			}
		}
		for name, namespace := range rendered.Namespaces {
			if namespace.Labels[admission.EnforceLevelLabel] != string(admission.LevelRestricted) {
				t.Errorf("the namespace %s does not enforce it", name)
			}
		}
	})
}

func TestPodsGetNothingThatTheyDoNotNeed(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for _, workload := range rendered.Workloads() {
			spec := workload.Template.Spec
			account := rendered.Accounts[spec.ServiceAccountName]
			if account == nil || account.AutomountServiceAccountToken == nil || *account.AutomountServiceAccountToken {
				t.Errorf("%s: its account gives it a token", workload.Name)
			}
			if spec.AutomountServiceAccountToken == nil || *spec.AutomountServiceAccountToken {
				t.Errorf("%s: the pod takes a token", workload.Name)
			}
			// A service named sales would give it variables that salesd refuses.
			if spec.EnableServiceLinks == nil || *spec.EnableServiceLinks {
				t.Errorf("%s: has links to services", workload.Name)
			}
			for _, container := range workload.Containers() {
				if !*container.SecurityContext.ReadOnlyRootFilesystem {
					t.Errorf("%s/%s: its root can be written", workload.Name, container.Name)
				}
				if container.Resources.Requests.Cpu().IsZero() || container.Resources.Requests.Memory().IsZero() ||
					container.Resources.Limits.Memory().IsZero() {
					t.Errorf("%s/%s: does not say what it needs", workload.Name, container.Name)
				}
			}
		}
	})
}

func TestImagesAreTheVersionOfTheProgram(t *testing.T) {
	version := strings.TrimPrefix(strings.TrimSpace(output(t, salesd(t), "--version")), "salesd ")
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for _, workload := range rendered.Workloads() {
			for _, container := range workload.Containers() {
				if container.Image != "localhost/salesd:"+version {
					t.Errorf("%s/%s: %s is not of %s", workload.Name, container.Name, container.Image, version)
				}
			}
		}
	})
}

func TestEverySettingIsOneThatSalesdTakes(t *testing.T) {
	binary := salesd(t)
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		containers := rendered.Server().Containers()
		for _, job := range rendered.Jobs {
			containers = append(containers, job.Spec.Template.Spec.Containers...)
		}
		for _, container := range containers {
			settings, err := rendered.Settings(container)
			if err != nil {
				t.Fatal(err)
			}
			// Migrating reads all settings, and refuses unknown ones and wrong values.
			command := exec.Command(binary, "migrate", "--store=sqlite:"+filepath.Join(t.TempDir(), "sales.db"))
			for name, value := range settings {
				command.Env = append(command.Env, name+"="+value)
			}
			if text, err := command.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", container.Name, err, text)
			}
		}
	})
}

func TestWhoeverListensToTheNetworkAsksWhoCalls(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		settings, err := rendered.Settings(rendered.Server().Template.Spec.Containers[0])
		if err != nil {
			t.Fatal(err)
		}
		loopback := strings.HasPrefix(settings["SALES_LISTEN"], "127.")
		if !loopback && (settings["SALES_AUTH"] != "required" || settings["SALES_TLS_CERT_FILE"] == "") {
			t.Errorf("%s is open to everybody", settings["SALES_LISTEN"])
		}
	})
}

func TestEveryVariableOfAJobIsOneThatSalesctlTakes(t *testing.T) {
	help := output(t, salesctl(t), "--help")
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for name, job := range rendered.Jobs {
			container := job.Spec.Template.Spec.Containers[0]
			for _, variable := range container.Env {
				if strings.HasPrefix(variable.Name, "SALESCTL_") && !strings.Contains(help, variable.Name) {
					t.Errorf("%s: salesctl knows no %s", name, variable.Name)
				}
			}
		}
		for name, job := range rendered.CronJobs {
			container := job.Spec.JobTemplate.Spec.Template.Spec.Containers[0]
			if container.Command[0] != "/usr/bin/salesctl" {
				t.Errorf("%s runs %s", name, container.Command)
			}
			for _, variable := range container.Env {
				if !strings.Contains(help, variable.Name) {
					t.Errorf("%s: salesctl knows no %s", name, variable.Name)
				}
			}
			output(t, salesctl(t), append(container.Args[:1:1], "--help")...)
			for _, argument := range container.Args[1:] {
				flag := strings.SplitN(argument, "=", 2)[0]
				if !strings.Contains(output(t, salesctl(t), container.Args[0], "--help"), flag) {
					t.Errorf("%s: salesctl %s knows no %s", name, container.Args[0], flag)
				}
			}
		}
	})
}

func TestFilesOfSettingsAreMounted(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for _, workload := range rendered.Workloads() {
			for _, container := range workload.Template.Spec.Containers {
				settings, err := rendered.Settings(container)
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range settings {
					path := strings.TrimPrefix(strings.TrimPrefix(value, "sqlite:"), "postgres:@")
					if strings.HasPrefix(path, "/") && !isMounted(container, path) {
						t.Errorf("%s/%s: nothing is mounted for %s=%s", workload.Name, container.Name, name, value)
					}
				}
			}
		}
	})
}

func TestClaimsOfVolumesAreThere(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for _, workload := range rendered.Workloads() {
			for _, volume := range workload.Template.Spec.Volumes {
				if claim := volume.PersistentVolumeClaim; claim != nil && rendered.Claims[claim.ClaimName] == nil {
					t.Errorf("%s: there is no claim %s", workload.Name, claim.ClaimName)
				}
			}
		}
	})
}

func isMounted(container corev1.Container, path string) bool {
	for _, mount := range container.VolumeMounts {
		if strings.HasPrefix(path, mount.MountPath+"/") {
			return true
		}
	}
	return false
}

func TestPortsOfThePodAreThoseOfTheSettings(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		container := rendered.Server().Template.Spec.Containers[0]
		settings, err := rendered.Settings(container)
		if err != nil {
			t.Fatal(err)
		}
		named := map[string]string{"grpc": "SALES_LISTEN", "admin": "SALES_ADMIN_LISTEN", "metrics": "SALES_METRICS_LISTEN"}
		if len(container.Ports) != len(named) {
			t.Errorf("%d ports", len(container.Ports))
		}
		for _, port := range container.Ports {
			if want := portOf(settings[named[port.Name]]); want != strconv.Itoa(int(port.ContainerPort)) {
				t.Errorf("%s is %d, and salesd listens on %s", port.Name, port.ContainerPort, want)
			}
		}
		for name, probe := range map[string]*corev1.Probe{
			"startup": container.StartupProbe, "liveness": container.LivenessProbe, "readiness": container.ReadinessProbe,
		} {
			if probe == nil || probe.GRPC == nil || probe.GRPC.Service == nil {
				t.Errorf("%s is not probed over gRPC", name)
			} else if portOf(settings["SALES_ADMIN_LISTEN"]) != strconv.Itoa(int(probe.GRPC.Port)) {
				t.Errorf("%s is probed on %d", name, probe.GRPC.Port)
			}
		}
		// Kubernetes probes from outside of the pod.
		if strings.HasPrefix(settings["SALES_ADMIN_LISTEN"], "127.") {
			t.Error("the admin port cannot be probed")
		}
	})
}

func TestSalesdHasTheTimeThatItsDrainTakes(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		pod := rendered.Server().Template.Spec
		settings, err := rendered.Settings(pod.Containers[0])
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, name := range []string{"SALES_LAME_DUCK_SECONDS", "SALES_DRAIN_SECONDS"} {
			seconds, err := strconv.Atoi(settings[name])
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			total += seconds
		}
		if *pod.TerminationGracePeriodSeconds < int64(total)+15 {
			t.Errorf("it is killed after %d s, and drains for %d s", *pod.TerminationGracePeriodSeconds, total)
		}
	})
}

func TestOnlyTheApiIsOffered(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for name, service := range rendered.Services {
			if service.Spec.Type != "" && service.Spec.Type != corev1.ServiceTypeClusterIP || len(service.Spec.ExternalIPs) > 0 {
				t.Errorf("%s is to be reached from outside", name)
			}
			for _, port := range service.Spec.Ports {
				target := port.TargetPort.StrVal
				inside := target == "metrics" && service.Spec.ClusterIP == corev1.ClusterIPNone
				if target != "grpc" && !inside {
					t.Errorf("%s offers %s", name, port.Name)
				}
			}
		}
		for name, allowed := range rendered.Policies {
			for _, rule := range allowed.Spec.Ingress {
				if len(rule.From) == 0 || len(rule.Ports) == 0 {
					t.Errorf("%s lets everybody in, or everywhere", name)
				}
				for _, port := range rule.Ports {
					if port.Port.StrVal == "admin" {
						t.Errorf("%s lets others than the node ask the admin port", name)
					}
				}
			}
		}
	})
}

// selects says whether a selector takes one of the pods.
func selects(t *testing.T, selector *metav1.LabelSelector, rendered *Rendered) bool {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	for _, workload := range rendered.Workloads() {
		if parsed.Matches(labels.Set(workload.Template.Labels)) {
			return true
		}
	}
	return false
}

func TestEverySelectorTakesSomething(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for name, service := range rendered.Services {
			if !selects(t, &metav1.LabelSelector{MatchLabels: service.Spec.Selector}, rendered) {
				t.Errorf("the service %s stands for nothing", name)
			}
		}
		for name, allowed := range rendered.Policies {
			if !selects(t, &allowed.Spec.PodSelector, rendered) {
				t.Errorf("the network policy %s is for nothing", name)
			}
		}
		for name, budget := range rendered.Budgets {
			if !selects(t, budget.Spec.Selector, rendered) {
				t.Errorf("the disruption budget %s is for nothing", name)
			}
		}
		for name, set := range rendered.StatefulSets {
			if !selects(t, set.Spec.Selector, rendered) || rendered.Services[set.Spec.ServiceName] == nil {
				t.Errorf("the stateful set %s does not know its pods or its service", name)
			}
		}
		for name, deployment := range rendered.Deployments {
			if !selects(t, deployment.Spec.Selector, rendered) {
				t.Errorf("the deployment %s does not know its pods", name)
			}
		}
		for name, autoscaler := range rendered.Autoscalers {
			target := rendered.Deployments[autoscaler.Spec.ScaleTargetRef.Name]
			if target == nil || target.Spec.Replicas != nil {
				t.Errorf("the autoscaler %s scales nothing, or against the manifests", name)
			}
		}
		for name, monitor := range rendered.Monitors {
			parsed, err := metav1.LabelSelectorAsSelector(&monitor.Spec.Selector)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, service := range rendered.Services {
				if parsed.Matches(labels.Set(service.Labels)) {
					found++
					if service.Labels[monitor.Spec.JobLabel] != "sales" {
						t.Errorf("the alerts do not know the job of %s", name)
					}
				}
			}
			if found != 1 {
				t.Errorf("the service monitor %s scrapes %d services", name, found)
			}
		}
	})
}

func TestEveryPodIsDeniedWhatIsNotAllowed(t *testing.T) {
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		deny := rendered.Policies["sales-default-deny"]
		if deny == nil || len(deny.Spec.PolicyTypes) != 2 || len(deny.Spec.Ingress)+len(deny.Spec.Egress) > 0 {
			t.Fatal("nothing is denied")
		}
		selector, err := metav1.LabelSelectorAsSelector(&deny.Spec.PodSelector)
		if err != nil {
			t.Fatal(err)
		}
		for _, workload := range rendered.Workloads() {
			if !selector.Matches(labels.Set(workload.Template.Labels)) {
				t.Errorf("%s may reach everything", workload.Name)
			}
		}
	})
}

func TestSecretsAreFilesAndTheReadmeSaysHowTheyAreMade(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	forEachOverlay(t, func(t *testing.T, rendered *Rendered) {
		for _, workload := range rendered.Workloads() {
			for _, container := range workload.Containers() {
				for _, variable := range container.Env {
					if variable.ValueFrom != nil {
						t.Errorf("%s/%s: %s is not told by file", workload.Name, container.Name, variable.Name)
					}
				}
			}
			for _, volume := range workload.Template.Spec.Volumes {
				if volume.Secret == nil {
					continue
				}
				made := regexp.MustCompile(`create secret \w+ ` + regexp.QuoteMeta(volume.Secret.SecretName) + `\b`)
				if !made.Match(readme) {
					t.Errorf("README.md does not say how %s is made", volume.Secret.SecretName)
				}
			}
		}
	})
}
