package deploy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// policyOf gives the text of the policy that the Job's pod is given.
func policyOf(t *testing.T, rendered *Rendered) (corev1.Container, string) {
	t.Helper()
	pod := rendered.Jobs["sales-policy"].Spec.Template.Spec
	for _, volume := range pod.Volumes {
		if volume.ConfigMap == nil {
			continue
		}
		kept := rendered.ConfigMaps[volume.ConfigMap.Name]
		if kept == nil || !strings.HasPrefix(kept.Name, "sales-policy-") {
			t.Fatalf("the pod asks for %s, whose name does not change with its content", volume.ConfigMap.Name)
		}
		return pod.Containers[0], kept.Data["policy.yaml"]
	}
	t.Fatal("the pod is given no policy")
	return corev1.Container{}, ""
}

func TestThePolicyOfAConfigMapIsPutInForceByItsJob(t *testing.T) {
	rendered, err := Render("with-policy")
	if err != nil {
		t.Fatal(err)
	}
	container, policy := policyOf(t, rendered)
	serving := served(t)
	mounted := t.TempDir()
	t.Setenv("SALESCTL_SERVER", fmt.Sprintf("127.0.0.1:%.0f", serving["port"]))
	t.Setenv("SALESCTL_CA_FILE", fmt.Sprint(serving["ca"]))
	for _, variable := range container.Env {
		if variable.Name == "SALESCTL_WORKSPACE" {
			t.Setenv(variable.Name, variable.Value)
			output(t, salesctl(t), "workspace", "create", variable.Value)
		}
	}
	if err := os.WriteFile(filepath.Join(mounted, "policy.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, argument := range container.Args {
		words = append(words, strings.Replace(argument, "/etc/sales/policy", mounted, 1))
	}
	output(t, salesctl(t), words...)
	var inForce struct {
		Version int
		Stages  []struct{ Key string }
	}
	told := output(t, salesctl(t), "--output=json", "funnel", "get", "repairs")
	if err := json.Unmarshal([]byte(told), &inForce); err != nil {
		t.Fatal(err)
	}
	if inForce.Version != 1 || len(inForce.Stages) != 2 || inForce.Stages[1].Key != "inspection" {
		t.Errorf("in force is %s", told)
	}
}
