"""Import leads with their past; doing it again changes nothing.

Usage: import_leads.py [HOST:PORT] [WORKSPACE] < FILE.csv    (id,email,received,won,value)
"""

import csv
import sys
from collections.abc import Iterator
from datetime import datetime

import libsales
from libsales import v1

target = sys.argv[1] if len(sys.argv) > 1 else "localhost:8443"
workspace = sys.argv[2] if len(sys.argv) > 2 else "studio"


# [import]
def rows() -> Iterator[v1.ImportLeadsRequest]:
    for number, row in enumerate(csv.DictReader(sys.stdin), start=2):
        capture = v1.CaptureLeadRequest(
            lead=v1.Lead(external_id=row["id"]),
            contact=v1.Contact(identities=[libsales.email(row["email"])]),
            receive_time=libsales.timestamp(datetime.fromisoformat(row["received"])),
        )
        request = v1.ImportLeadsRequest(row=number, capture=capture)
        if row["won"]:
            request.steps.add(
                occur_time=libsales.timestamp(datetime.fromisoformat(row["won"])),
                win=v1.WinLeadRequest(
                    value=libsales.money(row["value"], "EUR"), override_reason="import"
                ),
            )
        yield request


with libsales.connect(target, workspace=workspace, actor="import") as sales:
    for result in sales.import_leads(rows()):
        print(result.row, v1.ImportLeadsResponse.Result.Name(result.result), result.reason)
# [/import]
