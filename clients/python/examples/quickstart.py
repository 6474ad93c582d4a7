"""Capture a request, and be told what is missing before work may begin.

Usage: quickstart.py [HOST:PORT]
"""

# [quickstart]
import sys

import libsales
from libsales import v1

target = sys.argv[1] if len(sys.argv) > 1 else "localhost:8443"
with libsales.connect(target, workspace="studio", actor="anna") as sales:
    sales.create_workspace(workspace_id="studio")
    captured = sales.capture_lead(
        contact=v1.Contact(
            display_name="Иван Петров", identities=[libsales.email("ivan@example.com")]
        ),
        lead=v1.Lead(need="an online shop"),
    )
    try:
        sales.advance_lead(name=captured.lead.name, stage="start_of_work")
    except libsales.FailedPrecondition as refused:
        print("not yet:", *[missing.condition for missing in refused.missing])
# [/quickstart]
