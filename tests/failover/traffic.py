"""Clients that write and watch while things break, and remember what they were told."""

from __future__ import annotations

import itertools
import random
import threading
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from history import Acknowledged, History, Seen
from replicas import Replicas

import libsales
from libsales import v1

WRITERS = 6
WATCHERS = 3
PAUSE_SECONDS = 0.05
FINISH_SECONDS_MAX = 90
T = TypeVar("T")

# After these a write was not done, or nobody knows: it is sent again under its request id. The last
# is what a full disk gives.
AGAIN = (
    libsales.Unavailable,
    libsales.DeadlineExceeded,
    libsales.Aborted,
    libsales.ResourceExhausted,
)


def until_answered(call: Callable[[str], T]) -> T:
    """Call with one request id until there is an answer; gives up when it is far too late."""
    request_id = str(uuid.uuid4())
    until = time.monotonic() + FINISH_SECONDS_MAX
    while True:
        try:
            return call(request_id)
        except AGAIN:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


class Traffic:
    """Writers and watchers of one workspace, spread over the replicas."""

    def __init__(self, replicas: Replicas, workspace: str, seed: int) -> None:
        self.history = History(watched=[[] for _ in range(WATCHERS)])
        self._replicas, self._workspace = replicas, workspace
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._errors: list[BaseException] = []
        # When each writer was answered.
        self._answered: list[list[float]] = [[] for _ in range(WRITERS)]
        with self._connect(0) as sales:
            until_answered(
                lambda request_id: sales.create_workspace(
                    workspace_id=workspace, request_id=request_id
                )
            )
        self._writers = [self._thread(self._write, number, seed) for number in range(WRITERS)]
        for number in range(WATCHERS):
            self._thread(self._watch, number)

    def _connect(self, number: int) -> libsales.Client:
        return self._replicas.connect(self._workspace, number % len(self._replicas.machines))

    def _thread(self, body: Callable[..., None], *arguments: int) -> threading.Thread:
        def guarded() -> None:
            try:
                body(*arguments)
            except BaseException as error:
                self._errors.append(error)

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        return thread

    def _write(self, number: int, seed: int) -> None:
        randomness = random.Random(f"{seed}/{number}")
        leads: list[str] = []
        with self._connect(number) as sales:
            while not self._stop.is_set():
                if not leads or randomness.random() < 0.5:
                    leads.append(self._capture(sales))
                else:
                    self._log(sales, randomness.choice(leads))
                self._answered[number].append(time.monotonic())
                time.sleep(PAUSE_SECONDS * randomness.uniform(0.5, 1.5))

    def _capture(self, sales: libsales.Client) -> str:
        contact = v1.Contact(identities=[libsales.email(f"{uuid.uuid4()}@example.com")])
        lead = until_answered(
            lambda request_id: sales.capture_lead(contact=contact, request_id=request_id).lead
        )
        self._acknowledge(lead, v1.EVENT_TYPE_LEAD_CAPTURED)
        return lead.name

    def _log(self, sales: libsales.Client, lead: str) -> None:
        call = v1.Activity(kind=v1.Activity.KIND_CALL, direction=v1.Activity.DIRECTION_OUT)
        logged = until_answered(
            lambda request_id: sales.log_activity(
                parent=lead, activity=call, request_id=request_id
            ).lead
        )
        self._acknowledge(logged, v1.EVENT_TYPE_ACTIVITY_LOGGED)

    def _acknowledge(self, lead: v1.Lead, kind: int) -> None:
        with self._lock:
            self.history.acknowledged.append(Acknowledged(lead.revision, kind, lead.name))

    def _watch(self, number: int) -> None:
        seen = self.history.watched[number]
        with self._connect(number) as sales:
            for batch in sales.watch():
                seen.extend(_seen(event) for event in batch.events)

    def check_alive(self) -> None:
        """Raise what ended a writer or a watcher."""
        if self._errors:
            raise self._errors[0]

    def wait_for_answers(self, count: int = 3) -> None:
        """Wait until every writer has been answered a few times more."""
        wanted = [len(answered) + count for answered in self._answered]
        until = time.monotonic() + FINISH_SECONDS_MAX
        while any(len(a) < want for a, want in zip(self._answered, wanted)):
            self.check_alive()
            if time.monotonic() > until:
                raise RuntimeError("writes do not go on")
            time.sleep(0.02)

    def longest_silence(self, since: float) -> float:
        """Give the longest that a writer waited for an answer since then, up to his last one."""
        return max(
            later - earlier
            for answered in self._answered
            for earlier, later in itertools.pairwise(
                [since, *(moment for moment in answered if moment > since)]
            )
        )

    def stop(self) -> None:
        """Write no more once every writer has his answer."""
        self._stop.set()
        until = time.monotonic() + FINISH_SECONDS_MAX
        for writer in self._writers:
            writer.join(until - time.monotonic())
        if any(writer.is_alive() for writer in self._writers):
            raise RuntimeError("a write is not answered")

    def record(self) -> tuple[list[Seen], list[str]]:
        """Give what the store holds: all events in order, and the names of all leads."""
        with self._connect(0) as sales:
            return (
                [_seen(event) for event in sales.list_events(page_size=1000)],
                [lead.name for lead in sales.list_leads(page_size=1000)],
            )

    def finish(self) -> list[str]:
        """Let every write be answered and every event be seen; gives what is wrong."""
        self.stop()
        self.check_alive()
        recorded, leads = self.record()
        until = time.monotonic() + FINISH_SECONDS_MAX
        for seen in self.history.watched:
            while not seen or seen[-1].revision < recorded[-1].revision:
                self.check_alive()
                if time.monotonic() > until:
                    break  # What is missing is then said.
                time.sleep(0.05)
        last = recorded[-1].revision
        self.history.watched = [[e for e in s if e.revision <= last] for s in self.history.watched]
        return self.history.faults(recorded, leads)


def _seen(event: v1.Event) -> Seen:
    return Seen(event.revision, event.ordinal, event.type, event.lead)
