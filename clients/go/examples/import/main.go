// Import imports leads with their past; doing it again changes nothing.
//
// Usage: import [HOST:PORT] [WORKSPACE] < FILE.csv    (id,email,received,won,value)
package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func main() {
	arguments := append(os.Args[1:], []string{"localhost:8443", "studio"}[min(len(os.Args)-1, 2):]...)
	if err := importLeads(context.Background(), arguments[0], arguments[1], os.Stdin); err != nil {
		log.Fatal(err)
	}
}

// [import]
func importLeads(ctx context.Context, target, workspace string, file io.Reader) error {
	sales, err := libsales.Connect(target,
		libsales.WithWorkspace(workspace), libsales.WithActor("import"))
	if err != nil {
		return err
	}
	defer sales.Close()

	table := csv.NewReader(file)
	if _, err := table.Read(); err != nil { // The names of the columns.
		return err
	}
	var unreadable error
	rows := func(yield func(*salesv1.ImportLeadsRequest) bool) {
		for number := int64(2); ; number++ {
			cells, err := table.Read()
			if err == io.EOF {
				return
			}
			var row *salesv1.ImportLeadsRequest
			if err == nil {
				row, err = read(number, cells)
			}
			if err != nil {
				unreadable = fmt.Errorf("row %d: %w", number, err)
				return
			}
			if !yield(row) {
				return
			}
		}
	}
	for result, err := range sales.ImportLeads(ctx, rows) {
		if err != nil {
			return err
		}
		fmt.Println(result.Row, result.Result, result.Reason)
	}
	return unreadable
}

// read makes a request of the cells id, email, received, won and value.
func read(number int64, cells []string) (*salesv1.ImportLeadsRequest, error) {
	received, err := time.Parse(time.RFC3339, cells[2])
	if err != nil {
		return nil, err
	}
	row := &salesv1.ImportLeadsRequest{
		Row: number,
		Capture: &salesv1.CaptureLeadRequest{
			Lead:        &salesv1.Lead{ExternalId: cells[0]},
			Contact:     &salesv1.Contact{Identities: []*salesv1.Identity{libsales.Email(cells[1])}},
			ReceiveTime: timestamppb.New(received),
		},
	}
	if cells[3] == "" {
		return row, nil
	}
	won, err := time.Parse(time.RFC3339, cells[3])
	if err != nil {
		return nil, err
	}
	value, err := libsales.ParseMoney(cells[4], "EUR")
	if err != nil {
		return nil, err
	}
	row.Steps = append(row.Steps, &salesv1.ImportStep{
		OccurTime: timestamppb.New(won),
		Step: &salesv1.ImportStep_Win{
			Win: &salesv1.WinLeadRequest{Value: value, OverrideReason: "import"},
		},
	})
	return row, nil
}

// [/import]
