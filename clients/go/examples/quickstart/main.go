// Quickstart captures a request, and is told what is missing before work may begin.
//
// Usage: quickstart [HOST:PORT]
//
// [quickstart]
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func main() {
	target := "localhost:8443"
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	if err := quickstart(context.Background(), target); err != nil {
		log.Fatal(err)
	}
}

func quickstart(ctx context.Context, target string) error {
	sales, err := libsales.Connect(target,
		libsales.WithWorkspace("studio"), libsales.WithActor("anna"))
	if err != nil {
		return err
	}
	defer sales.Close()

	_, err = sales.CreateWorkspace(ctx, &salesv1.CreateWorkspaceRequest{WorkspaceId: "studio"})
	if err != nil {
		return err
	}
	captured, err := sales.CaptureLead(ctx, &salesv1.CaptureLeadRequest{
		Contact: &salesv1.Contact{
			DisplayName: "Иван Петров",
			Identities:  []*salesv1.Identity{libsales.Email("ivan@example.com")},
		},
		Lead: &salesv1.Lead{Need: "an online shop"},
	})
	if err != nil {
		return err
	}
	_, err = sales.AdvanceLead(ctx, &salesv1.AdvanceLeadRequest{
		Name: captured.Lead.Name, Stage: "start_of_work",
	})
	var refused *libsales.Error
	if errors.As(err, &refused) && refused.Reason == "GUARD_UNMET" {
		for _, missing := range refused.Missing {
			fmt.Println("not yet:", missing.Condition)
		}
		return nil
	}
	return err
}

// [/quickstart]
