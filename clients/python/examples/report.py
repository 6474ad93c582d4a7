"""Print how far leads got, and what each channel brought.

Usage: report.py [HOST:PORT] [WORKSPACE]
"""

import sys

import libsales

target = sys.argv[1] if len(sys.argv) > 1 else "localhost:8443"
workspace = sys.argv[2] if len(sys.argv) > 2 else "studio"

# [report]
with libsales.connect(target, workspace=workspace) as sales:
    funnel = sales.report_funnel()
    for stage in funnel.stages:
        step = stage.step_conversion
        print(f"{stage.stage:20}{stage.reached:8}  {step.value:6.1%} go on", end="  ")
        print(f"({step.numerator}/{step.denominator}, 95 % {step.low:.1%} to {step.high:.1%})")
    for row in sales.report_channels().rows:
        revenue = libsales.amount(row.revenue)
        print(f"{row.name:40}{row.leads:8} leads {row.won:6} won {revenue:14}")
# [/report]
