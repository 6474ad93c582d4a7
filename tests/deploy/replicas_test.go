package deploy

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/labels"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// onPostgres gives the overlay whose pods share a database.
func onPostgres(t *testing.T) *Rendered {
	t.Helper()
	rendered, err := Render("postgres")
	if err != nil {
		t.Fatal(err)
	}
	return rendered
}

func TestReplicasKeepNothing(t *testing.T) {
	rendered := onPostgres(t)
	if len(rendered.StatefulSets)+len(rendered.Claims)+len(rendered.CronJobs) > 0 {
		t.Error("something is kept outside of the database")
	}
	for _, workload := range rendered.Workloads() {
		for _, volume := range workload.Template.Spec.Volumes {
			if volume.Secret == nil && volume.EmptyDir == nil {
				t.Errorf("%s keeps the volume %s", workload.Name, volume.Name)
			}
		}
		settings, err := rendered.Settings(workload.Template.Spec.Containers[0])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(settings["SALES_STORE"], "postgres:@/") {
			t.Errorf("%s keeps its store in %q", workload.Name, settings["SALES_STORE"])
		}
	}
}

func TestOneReplicaMayBeMissed(t *testing.T) {
	rendered := onPostgres(t)
	least := *rendered.Autoscalers["sales"].Spec.MinReplicas
	budget := rendered.Budgets["sales"].Spec
	if least < 3 || budget.MaxUnavailable == nil || budget.MaxUnavailable.IntValue() != 1 {
		t.Errorf("of %d replicas %v may be evicted", least, budget.MaxUnavailable)
	}
	update := rendered.Deployments["sales"].Spec.Strategy.RollingUpdate
	if update == nil || update.MaxUnavailable.IntValue() != 0 {
		t.Error("an update takes replicas away before there are new ones")
	}
	spread := map[string]bool{}
	for _, constraint := range rendered.Server().Template.Spec.TopologySpreadConstraints {
		spread[constraint.TopologyKey] = selects(t, constraint.LabelSelector, rendered)
	}
	if !spread["kubernetes.io/hostname"] || !spread["topology.kubernetes.io/zone"] {
		t.Errorf("replicas are spread over %v", spread)
	}
}

func TestOnlyTheJobMigrates(t *testing.T) {
	rendered := onPostgres(t)
	if len(rendered.Server().Template.Spec.InitContainers) > 0 {
		t.Error("every replica does something first")
	}
	job := rendered.Jobs["sales-migrate"]
	if job == nil || len(job.Spec.Template.Spec.Containers) != 1 || job.Spec.TTLSecondsAfterFinished == nil {
		t.Fatal("there is no migration that makes room for the next one")
	}
	if arguments := job.Spec.Template.Spec.Containers[0].Args; len(arguments) != 1 || arguments[0] != "migrate" {
		t.Errorf("the migration does %v", arguments)
	}
}

func TestWhoeverUsesTheDatabaseReachesIt(t *testing.T) {
	rendered := onPostgres(t)
	allowed := rendered.Policies["sales-database"]
	selector, err := metav1.LabelSelectorAsSelector(&allowed.Spec.PodSelector)
	if err != nil {
		t.Fatal(err)
	}
	for _, workload := range rendered.Workloads() {
		if !selector.Matches(labels.Set(workload.Template.Labels)) {
			t.Errorf("%s does not reach the database", workload.Name)
		}
	}
	for _, rule := range allowed.Spec.Egress {
		if len(rule.To) == 0 || len(rule.Ports) == 0 {
			t.Error("everything is reached")
		}
	}
}
