"""Killed at any instant, the server loses nothing that it acknowledged and leaves nothing half."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import salesd
from writers import Writers

import libsales
from libsales import v1

# How often the server is killed; LIBSALES_TEST_KILLS asks for another number.
_KILLS = int(os.environ.get("LIBSALES_TEST_KILLS", "200"))
_REACHED_SECONDS_MAX = 10.0


def events_after(sales: libsales.Client, revision: int) -> list[v1.Event]:
    """Give the events after a revision, once the server that was just started is reached."""
    deadline = time.monotonic() + _REACHED_SECONDS_MAX
    while True:
        try:
            return list(sales.list_events(after_revision=revision, page_size=1000))
        except libsales.Unavailable:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_nothing_acknowledged_is_lost_in_a_kill(
    own_server: salesd.Salesd, salesctl_program: Path
) -> None:
    randomness = random.Random()
    with own_server.connect("studio") as sales:
        sales.create_workspace(workspace_id="studio")
        writers = Writers(own_server, "studio")
        recorded: set[tuple[int, str]] = set()
        last, verified = 0, 0
        for kill in range(_KILLS):
            writers.wait_for_more()
            time.sleep(randomness.uniform(0.0, 0.4))
            own_server.kill()
            faults = own_server.faults(salesctl_program)
            assert not faults, f"after kill {kill + 1}: {faults}"
            if randomness.random() < 0.2:  # A kill while it starts counts as none.
                own_server.launch()
                time.sleep(randomness.uniform(0.0, 0.05))
                own_server.kill()
            acknowledged = writers.acknowledged[verified:]
            own_server.start()
            revisions = set()
            for event in events_after(sales, last):
                revisions.add(event.revision)
                recorded.add((event.revision, event.lead))
            assert revisions == set(range(last + 1, last + 1 + len(revisions)))
            lost = set(acknowledged) - recorded
            assert not lost, f"after kill {kill + 1}: {sorted(lost)[:5]}"
            last += len(revisions)
            verified += len(acknowledged)
        writers.finish()
        # Each call was repeated until it was answered: it was done exactly once.
        assert sum(1 for _ in sales.list_leads(page_size=1000)) == writers.captured
        assert len({revision for revision, _ in writers.acknowledged}) == len(writers.acknowledged)
    assert own_server.stop() == 0
    assert not own_server.faults(salesctl_program)
    print(f"{_KILLS} kills, {len(writers.acknowledged)} acknowledged writes, none lost")
