// Package deploy looks at what Kubernetes and Prometheus are given of salesd.
package deploy

import (
	"fmt"
	"path/filepath"
	"strings"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// The top of the tree, and the folder that is looked at.
var (
	root   = filepath.Join("..", "..")
	folder = filepath.Join(root, "service", "deploy")
)

// Every folder that is deployed from, and one that has what an overlay may add.
var overlays = []string{"development", "postgres", "production", "with-policy"}

func folderOf(overlay string) string {
	if overlay == "with-policy" {
		return overlay
	}
	return filepath.Join(folder, "overlays", overlay)
}

// Workload is a pod template with the name of what it is in.
type Workload struct {
	Name     string
	Template corev1.PodTemplateSpec
}

// Containers gives all containers of the pod, those that run first too.
func (w Workload) Containers() []corev1.Container {
	return append(append([]corev1.Container{}, w.Template.Spec.InitContainers...), w.Template.Spec.Containers...)
}

// Rendered is an overlay as Kubernetes is given it, decoded into the official types. A field that a type
// does not have is an error.
type Rendered struct {
	Objects      []metav1.Object
	ConfigMaps   map[string]*corev1.ConfigMap
	Services     map[string]*corev1.Service
	StatefulSets map[string]*appsv1.StatefulSet
	Deployments  map[string]*appsv1.Deployment
	Autoscalers  map[string]*autoscalingv2.HorizontalPodAutoscaler
	Jobs         map[string]*batchv1.Job
	CronJobs     map[string]*batchv1.CronJob
	Policies     map[string]*networkingv1.NetworkPolicy
	Budgets      map[string]*policyv1.PodDisruptionBudget
	Accounts     map[string]*corev1.ServiceAccount
	Namespaces   map[string]*corev1.Namespace
	Claims       map[string]*corev1.PersistentVolumeClaim
	Monitors     map[string]*monitoringv1.ServiceMonitor
	Rules        map[string]*monitoringv1.PrometheusRule
}

func knownTypes() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme,
		networkingv1.AddToScheme, policyv1.AddToScheme, monitoringv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	return scheme, nil
}

// Render does what `kubectl kustomize` does, with the same code.
func Render(overlay string) (*Rendered, error) {
	scheme, err := knownTypes()
	if err != nil {
		return nil, err
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme,
		json.SerializerOptions{Yaml: true, Strict: true})
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).
		Run(filesys.MakeFsOnDisk(), folderOf(overlay))
	if err != nil {
		return nil, err
	}
	rendered := &Rendered{
		ConfigMaps:   map[string]*corev1.ConfigMap{},
		Services:     map[string]*corev1.Service{},
		StatefulSets: map[string]*appsv1.StatefulSet{},
		Deployments:  map[string]*appsv1.Deployment{},
		Autoscalers:  map[string]*autoscalingv2.HorizontalPodAutoscaler{},
		Jobs:         map[string]*batchv1.Job{},
		CronJobs:     map[string]*batchv1.CronJob{},
		Policies:     map[string]*networkingv1.NetworkPolicy{},
		Budgets:      map[string]*policyv1.PodDisruptionBudget{},
		Accounts:     map[string]*corev1.ServiceAccount{},
		Namespaces:   map[string]*corev1.Namespace{},
		Claims:       map[string]*corev1.PersistentVolumeClaim{},
		Monitors:     map[string]*monitoringv1.ServiceMonitor{},
		Rules:        map[string]*monitoringv1.PrometheusRule{},
	}
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return nil, err
		}
		object, _, err := strict.Decode(text, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", resource.CurId(), err)
		}
		if err := rendered.add(object); err != nil {
			return nil, err
		}
	}
	return rendered, nil
}

func (r *Rendered) add(object runtime.Object) error {
	switch o := object.(type) {
	case *corev1.ConfigMap:
		r.ConfigMaps[o.Name] = o
	case *corev1.Service:
		r.Services[o.Name] = o
	case *appsv1.StatefulSet:
		r.StatefulSets[o.Name] = o
	case *appsv1.Deployment:
		r.Deployments[o.Name] = o
	case *autoscalingv2.HorizontalPodAutoscaler:
		r.Autoscalers[o.Name] = o
	case *batchv1.Job:
		r.Jobs[o.Name] = o
	case *batchv1.CronJob:
		r.CronJobs[o.Name] = o
	case *networkingv1.NetworkPolicy:
		r.Policies[o.Name] = o
	case *policyv1.PodDisruptionBudget:
		r.Budgets[o.Name] = o
	case *corev1.ServiceAccount:
		r.Accounts[o.Name] = o
	case *corev1.Namespace:
		r.Namespaces[o.Name] = o
	case *corev1.PersistentVolumeClaim:
		r.Claims[o.Name] = o
	case *monitoringv1.ServiceMonitor:
		r.Monitors[o.Name] = o
	case *monitoringv1.PrometheusRule:
		r.Rules[o.Name] = o
	default:
		return fmt.Errorf("%T is looked at by no test", object)
	}
	r.Objects = append(r.Objects, object.(metav1.Object))
	return nil
}

// Workloads gives everything that becomes a pod.
func (r *Rendered) Workloads() []Workload {
	var all []Workload
	for name, set := range r.StatefulSets {
		all = append(all, Workload{"StatefulSet/" + name, set.Spec.Template})
	}
	for name, deployment := range r.Deployments {
		all = append(all, Workload{"Deployment/" + name, deployment.Spec.Template})
	}
	for name, job := range r.Jobs {
		all = append(all, Workload{"Job/" + name, job.Spec.Template})
	}
	for name, job := range r.CronJobs {
		all = append(all, Workload{"CronJob/" + name, job.Spec.JobTemplate.Spec.Template})
	}
	return all
}

// Server gives the pod of salesd.
func (r *Rendered) Server() Workload {
	if deployment := r.Deployments["sales"]; deployment != nil {
		return Workload{"Deployment/sales", deployment.Spec.Template}
	}
	return Workload{"StatefulSet/sales", r.StatefulSets["sales"].Spec.Template}
}

// Settings gives the variables that a container has: its own, and those of its ConfigMaps. A ConfigMap
// that is not there is an error.
func (r *Rendered) Settings(container corev1.Container) (map[string]string, error) {
	settings := map[string]string{}
	for _, source := range container.EnvFrom {
		values, ok := r.ConfigMaps[source.ConfigMapRef.Name]
		if !ok {
			return nil, fmt.Errorf("there is no ConfigMap %s", source.ConfigMapRef.Name)
		}
		for name, value := range values.Data {
			settings[name] = value
		}
	}
	for _, variable := range container.Env {
		settings[variable.Name] = variable.Value
	}
	return settings, nil
}

// portOf gives the port of a HOST:PORT.
func portOf(address string) string { return address[strings.LastIndex(address, ":")+1:] }
