// Report prints how far leads got, and what each channel brought.
//
// Usage: report [HOST:PORT] [WORKSPACE]
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func main() {
	arguments := append(os.Args[1:], []string{"localhost:8443", "studio"}[min(len(os.Args)-1, 2):]...)
	if err := report(context.Background(), arguments[0], arguments[1]); err != nil {
		log.Fatal(err)
	}
}

// [report]
func report(ctx context.Context, target, workspace string) error {
	sales, err := libsales.Connect(target, libsales.WithWorkspace(workspace))
	if err != nil {
		return err
	}
	defer sales.Close()

	funnel, err := sales.ReportFunnel(ctx, &salesv1.ReportFunnelRequest{})
	if err != nil {
		return err
	}
	for _, stage := range funnel.Stages {
		step := stage.StepConversion
		fmt.Printf("%-20s%8d  %5.1f%% go on", stage.Stage, stage.Reached, 100*step.GetValue())
		fmt.Printf("  (%d/%d, 95 %% %.1f%% to %.1f%%)\n", step.GetNumerator(),
			step.GetDenominator(), 100*step.GetLow(), 100*step.GetHigh())
	}
	channels, err := sales.ReportChannels(ctx, &salesv1.ReportChannelsRequest{})
	if err != nil {
		return err
	}
	for _, row := range channels.Rows {
		fmt.Printf("%-40s%8d leads %6d won %14s\n",
			row.Name, row.Leads, row.Won, libsales.FormatMoney(row.Revenue))
	}
	return nil
}

// [/report]
