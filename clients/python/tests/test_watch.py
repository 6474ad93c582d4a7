"""A watch gives every event once and in order, whatever dies."""

from __future__ import annotations

import random
import threading
import time

import salesd
from writers import Writers

import libsales
from libsales import v1

_KILLS = 8
_SECONDS_MAX = 120.0


class Watcher:
    """A thread that watches; it drops its connection at random and resumes if it is `fickle`."""

    def __init__(self, server: salesd.Salesd, workspace: str, fickle: bool) -> None:
        self.batches: list[v1.WatchEventsResponse] = []
        self.resumed = 0
        self.revision = 0
        self._server, self._workspace, self._fickle = server, workspace, fickle
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        randomness = random.Random(7)
        while True:
            with self._server.connect(self._workspace) as sales:
                for batch in sales.watch(self.revision):
                    self.batches.append(batch)
                    self.revision = batch.revision
                    if self._fickle and randomness.random() < 0.2:
                        break
            self.resumed += 1

    def wait_for(self, revision: int) -> None:
        deadline = time.monotonic() + _SECONDS_MAX
        while self.revision < revision:
            assert time.monotonic() < deadline, f"{self.revision} of {revision}"
            time.sleep(0.02)


def test_a_watch_misses_and_repeats_nothing_while_the_server_is_killed(
    own_server: salesd.Salesd,
) -> None:
    with own_server.connect("studio") as sales:
        sales.create_workspace(workspace_id="studio")
        steady = Watcher(own_server, "studio", fickle=False)
        fickle = Watcher(own_server, "studio", fickle=True)
        writers = Writers(own_server, "studio")
        for _ in range(_KILLS):
            time.sleep(random.uniform(0.1, 0.6))
            own_server.kill()
            own_server.start()
        time.sleep(0.3)
        writers.finish()
        recorded = list(sales.list_events(page_size=1000))
    last = recorded[-1].revision
    for watcher in (steady, fickle):
        watcher.wait_for(last)
        seen = 0
        for batch in watcher.batches:
            assert batch.revision > seen
            assert all(seen < event.revision <= batch.revision for event in batch.events)
            seen = batch.revision
        assert [event for batch in watcher.batches for event in batch.events] == recorded
    assert fickle.resumed
    assert {revision for revision, _ in writers.acknowledged} <= {e.revision for e in recorded}


def test_a_filtered_watch_gives_only_what_is_asked_for(sales: libsales.Client) -> None:
    wanted = v1.EVENT_TYPE_CHANNEL_CREATED
    watch = sales.watch(filter=v1.EventFilter(types=[wanted]))
    sales.create_channel(channel_id="ads")
    events = next(
        list(batch.events) for batch in watch if any("ads" in e.subject for e in batch.events)
    )
    assert {event.type for event in events} == {wanted}
