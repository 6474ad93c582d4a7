"""Print what happens in a workspace, from the beginning and on; interrupt to stop.

Usage: watch.py [HOST:PORT] [WORKSPACE] [AFTER_REVISION]
"""

import sys

import libsales
from libsales import v1

target = sys.argv[1] if len(sys.argv) > 1 else "localhost:8443"
workspace = sys.argv[2] if len(sys.argv) > 2 else "studio"
after_revision = int(sys.argv[3]) if len(sys.argv) > 3 else 0

# [watch]
with libsales.connect(target, workspace=workspace) as sales:
    for batch in sales.watch(after_revision=after_revision):
        for event in batch.events:
            print(event.revision, v1.EventType.Name(event.type), event.lead or event.subject)
        # Keep batch.revision: it is where to go on after a restart.
# [/watch]
