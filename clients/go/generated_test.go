package libsales_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"libsales.internal/libsales"
)

func TestGeneratingAgainChangesNothing(t *testing.T) {
	fresh := t.TempDir()
	if out, err := exec.Command("./generate.sh", fresh).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, pattern := range []string{"salesv1/*.pb.go", "serv*.go"} {
		made, _ := filepath.Glob(filepath.Join(fresh, pattern))
		kept, _ := filepath.Glob(pattern)
		if len(made) == 0 || len(made) != len(kept) {
			t.Errorf("%s: %d files, %d are kept", pattern, len(made), len(kept))
		}
		for _, path := range made {
			name, _ := filepath.Rel(fresh, path)
			a, _ := os.ReadFile(path)
			b, _ := os.ReadFile(name)
			if !bytes.Equal(a, b) {
				t.Errorf("%s is out of date; run clients/go/generate.sh", name)
			}
		}
	}
}

func TestEveryMethodOfTheAPIIsOneOfTheClients(t *testing.T) {
	client := reflect.TypeFor[*libsales.Client]()
	methods := 0
	protoregistry.GlobalFiles.RangeFilesByPackage("sales.v1", func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				methods++
				name := string(service.Methods().Get(j).Name())
				if _, there := client.MethodByName(name); !there {
					t.Errorf("the client has no %s.%s", service.Name(), name)
				}
			}
		}
		return true
	})
	if methods < 100 {
		t.Errorf("%d methods", methods)
	}
}

// publish writes the module as a proxy of Go modules serves it.
func publish(t *testing.T, proxy string) {
	t.Helper()
	version := module.Version{Path: "libsales.internal/libsales", Version: "v" + libsales.Version}
	folder := filepath.Join(proxy, version.Path, "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	var zip bytes.Buffer
	if err := modzip.CreateFromDir(&zip, version, "."); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(mod), "replace") {
		t.Error("go.mod replaces modules, which its users would not")
	}
	info, err := json.Marshal(map[string]any{"Version": version.Version, "Time": time.Now().UTC()})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		version.Version + ".zip": zip.Bytes(), version.Version + ".mod": mod,
		version.Version + ".info": info, "list": fmt.Appendln(nil, version.Version),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
