package libsales_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"libsales.internal/libsales"
	"libsales.internal/libsales/internal/salesd"
	"libsales.internal/libsales/salesv1"
)

type scenario struct{ Steps []step }

type step struct {
	Call    string
	Actor   string
	Request any
	Expect  any
	Error   *refusal
	Save    map[string]string
}

type refusal struct {
	Code     string
	Reason   string
	Missing  []string
	Fields   []string
	Metadata map[string]any
}

// TestScenarios walks the scenarios that every door passes through this client.
func TestScenarios(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(salesd.Root(), "tests", "scenarios", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no scenarios", err)
	}
	target := server(t).Target
	var passed []string
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		verdict := "failed "
		if t.Run(name, func(t *testing.T) { play(t, path, target) }) {
			verdict = "passed "
		}
		passed = append(passed, verdict+name+"\n")
	}
	note(t, passed)
}

// note writes which scenarios passed, for the table of all clients.
func note(t *testing.T, lines []string) {
	folder := filepath.Join(salesd.Root(), "build", "scenarios")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "")
	if err := os.WriteFile(filepath.Join(folder, "go.txt"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func play(t *testing.T, path, target string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var story scenario
	if err := json.Unmarshal(text, &story); err != nil {
		t.Fatal(err)
	}
	client := connect(t, target)
	saved := map[string]string{"unique": salesd.Unique("s")}
	for number, step := range story.Steps {
		if err := take(t, client, step, saved); err != nil {
			t.Fatalf("step %d, %s: %v", number, step.Call, err)
		}
	}
}

// take makes the call of one step, and compares.
func take(t *testing.T, client *libsales.Client, step step, saved map[string]string) error {
	if step.Actor != "" {
		client = client.At(libsales.WithActor(step.Actor))
	}
	request := step.Request
	if request == nil {
		request = map[string]any{}
	}
	answer, err := call(t, client, step.Call, filled(request, saved))
	if step.Error != nil {
		return compareRefusal(step.Error, err, saved)
	}
	if err != nil {
		return err
	}
	if wrong := differences(filled(step.Expect, saved), answer, ""); step.Expect != nil && len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	for name, path := range step.Save {
		text, ok := found(answer, path).(string)
		if !ok {
			return fmt.Errorf("nothing to save at %s", path)
		}
		saved[name] = text
	}
	return nil
}

func compareRefusal(expected *refusal, err error, saved map[string]string) error {
	var failure *libsales.Error
	if !errors.As(err, &failure) {
		return fmt.Errorf("expected %v, got %v", expected, err)
	}
	var code codes.Code
	if err := code.UnmarshalJSON([]byte(strconv.Quote(expected.Code))); err != nil {
		return err
	}
	if failure.Code != code || failure.Reason != expected.Reason {
		return fmt.Errorf("expected %s %s, got %v", expected.Code, expected.Reason, failure)
	}
	var missing, fields []string
	for _, condition := range failure.Missing {
		missing = append(missing, condition.Condition)
	}
	for _, field := range failure.Fields {
		fields = append(fields, field.Field)
	}
	if expected.Missing != nil && !sameTexts(expected.Missing, missing) {
		return fmt.Errorf("expected missing %q, got %q", expected.Missing, missing)
	}
	if expected.Fields != nil && !sameTexts(expected.Fields, fields) {
		return fmt.Errorf("expected fields %q, got %q", expected.Fields, fields)
	}
	for key, value := range expected.Metadata {
		if filled(value, saved) != failure.Metadata[key] {
			return fmt.Errorf("metadata %s: expected %v, got %q", key, value, failure.Metadata[key])
		}
	}
	return nil
}

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// call makes "LeadService.GetLead" with a request in JSON; gives the answer as JSON with every field.
func call(t *testing.T, client *libsales.Client, name string, request any) (any, error) {
	if name == "LeadService.ImportLeads" {
		return importLeads(t, client, request.(map[string]any)["requests"].([]any))
	}
	service, method, _ := strings.Cut(name, ".")
	stub := reflect.ValueOf(client.Services).FieldByName(service + "Client")
	if !stub.IsValid() {
		return nil, fmt.Errorf("the client has no %s", service)
	}
	function := stub.MethodByName(method)
	if !function.IsValid() {
		return nil, fmt.Errorf("the client has no %s", name)
	}
	message := reflect.New(function.Type().In(1).Elem()).Interface().(proto.Message)
	if err := fromJSON(request, message); err != nil {
		return nil, err
	}
	results := function.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(message)})
	if err, failed := results[1].Interface().(error); failed {
		return nil, err
	}
	return toJSON(results[0].Interface().(proto.Message))
}

func importLeads(t *testing.T, client *libsales.Client, rows []any) (any, error) {
	var broken error
	var requests iter.Seq[*salesv1.ImportLeadsRequest] = func(yield func(*salesv1.ImportLeadsRequest) bool) {
		for _, row := range rows {
			message := &salesv1.ImportLeadsRequest{}
			if broken = fromJSON(row, message); broken != nil || !yield(message) {
				return
			}
		}
	}
	responses := []any{}
	for result, err := range client.ImportLeads(t.Context(), requests) {
		if err != nil {
			return nil, err
		}
		response, err := toJSON(result)
		if err != nil {
			return nil, err
		}
		responses = append(responses, response)
	}
	return map[string]any{"responses": responses}, broken
}

func fromJSON(value any, message proto.Message) error {
	// protojson takes no mask of everything, "*", though AIP-134 has it.
	object, _ := value.(map[string]any)
	everything := object["updateMask"] == "*"
	if everything {
		object = maps.Clone(object)
		delete(object, "updateMask")
		value = object
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if err := protojson.Unmarshal(text, message); err != nil || !everything {
		return err
	}
	fields := message.ProtoReflect()
	mask := &fieldmaskpb.FieldMask{Paths: []string{"*"}}
	fields.Set(fields.Descriptor().Fields().ByName("update_mask"),
		protoreflect.ValueOfMessage(mask.ProtoReflect()))
	return nil
}

func toJSON(message proto.Message) (any, error) {
	text, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(message)
	if err != nil {
		return nil, err
	}
	var value any
	return value, json.Unmarshal(text, &value)
}

var hole = regexp.MustCompile(`\$\{(\w+)\}`)

// filled puts what was saved in the place of each ${name}.
func filled(value any, saved map[string]string) any {
	switch value := value.(type) {
	case string:
		return hole.ReplaceAllStringFunc(value, func(name string) string {
			text, ok := saved[name[2:len(name)-1]]
			if !ok {
				panic("nothing was saved as " + name)
			}
			return text
		})
	case []any:
		result := make([]any, len(value))
		for i, item := range value {
			result[i] = filled(item, saved)
		}
		return result
	case map[string]any:
		result := map[string]any{}
		for key, item := range value {
			result[filled(key, saved).(string)] = filled(item, saved)
		}
		return result
	}
	return value
}

// found gives what is at "lead.visits.0.stage".
func found(value any, path string) any {
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	for key := range strings.SplitSeq(path, ".") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[key]
		case []any:
			index, err := strconv.Atoi(key)
			if err != nil || index >= len(inner) {
				return nil
			}
			value = inner[index]
		default:
			return nil
		}
	}
	return value
}

// differences says where actual has not what expected lists; it may have more fields.
func differences(expected, actual any, path string) []string {
	wrong := []string{fmt.Sprintf("%s: expected %v, got %v", path, expected, actual)}
	switch expected := expected.(type) {
	case map[string]any:
		actual, ok := actual.(map[string]any)
		if !ok {
			return wrong
		}
		var result []string
		for key, value := range expected {
			result = append(result, differences(value, actual[key], path+"."+key)...)
		}
		return result
	case []any:
		actual, ok := actual.([]any)
		if !ok || len(expected) != len(actual) {
			return wrong
		}
		var result []string
		for i, value := range expected {
			result = append(result, differences(value, actual[i], fmt.Sprintf("%s[%d]", path, i))...)
		}
		return result
	case float64:
		actual, ok := actual.(float64)
		if !ok || math.Abs(expected-actual) > 1e-9*max(math.Abs(expected), math.Abs(actual)) {
			return wrong
		}
		return nil
	}
	if expected != actual {
		return wrong
	}
	return nil
}
