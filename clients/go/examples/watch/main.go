// Watch prints what happens in a workspace, from the beginning and on; interrupt to stop.
//
// Usage: watch [HOST:PORT] [WORKSPACE] [AFTER_REVISION]
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func main() {
	arguments := append(os.Args[1:], []string{"localhost:8443", "studio", "0"}[min(len(os.Args)-1, 3):]...)
	after, err := strconv.ParseInt(arguments[2], 10, 64)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err = watch(ctx, arguments[0], arguments[1], after)
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// [watch]
func watch(ctx context.Context, target, workspace string, afterRevision int64) error {
	sales, err := libsales.Connect(target, libsales.WithWorkspace(workspace))
	if err != nil {
		return err
	}
	defer sales.Close()

	request := &salesv1.WatchEventsRequest{AfterRevision: afterRevision}
	for batch, err := range sales.WatchEvents(ctx, request) {
		if err != nil {
			return err
		}
		for _, event := range batch.Events {
			fmt.Println(event.Revision, event.Type, event.Lead+event.Subject)
		}
		// Keep batch.Revision: it is where to go on after a restart.
	}
	return nil
}

// [/watch]
