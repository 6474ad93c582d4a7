"""Writers for the tests that kill the server: each repeats a call until it is answered."""

from __future__ import annotations

import random
import threading
import time
import uuid
from typing import Callable

import salesd

import libsales
from libsales import v1


class Writers:
    """Threads that write until they are told to stop, and remember what was acknowledged."""

    def __init__(self, server: salesd.Salesd, workspace: str, count: int = 16) -> None:
        self.acknowledged: list[tuple[int, str]] = []  # revision and lead, of every answer
        self.captured = 0
        self.errors: list[BaseException] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(server, workspace, number), daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def wait_for_more(self) -> None:
        """Wait until the server answers these writers again."""
        count = len(self.acknowledged)
        while len(self.acknowledged) == count and not self.errors:
            time.sleep(0.002)

    def finish(self) -> None:
        """Let every call that is under way be answered, and end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        assert not self.errors, self.errors[0]
        assert not any(thread.is_alive() for thread in self._threads)

    def _run(self, server: salesd.Salesd, workspace: str, number: int) -> None:
        randomness = random.Random(number)
        try:
            with server.connect(workspace, actor=f"writer-{number}") as sales:
                while not self._stop.is_set():
                    self._write_one_lead(sales, randomness)
        except BaseException as error:
            self.errors.append(error)

    def _write_one_lead(self, sales: libsales.Client, randomness: random.Random) -> None:
        contact = v1.Contact(identities=[libsales.email(f"{uuid.uuid4()}@example.com")])
        lead = self._until_answered(
            lambda request_id: sales.capture_lead(contact=contact, request_id=request_id).lead
        )
        self.captured += 1
        for stage in ("contacted", "requirements", "proposal")[: randomness.randrange(4)]:

            def advance(request_id: str, stage: str = stage) -> v1.Lead:
                return sales.advance_lead(
                    name=lead.name, stage=stage, override_reason="test", request_id=request_id
                )

            self._until_answered(advance)
        if randomness.random() < 0.3:
            self._until_answered(
                lambda request_id: sales.decline_lead(
                    name=lead.name,
                    reason="price",
                    arguments=v1.Arguments(price="two designers"),
                    alternatives="a site builder",
                    request_id=request_id,
                )
            )

    def _until_answered(self, call: Callable[[str], v1.Lead]) -> v1.Lead:
        request_id = str(uuid.uuid4())
        while True:
            try:
                lead = call(request_id)
            except (libsales.Unavailable, libsales.DeadlineExceeded):
                time.sleep(0.01)
                continue
            with self._lock:
                self.acknowledged.append((lead.revision, lead.name))
            return lead
