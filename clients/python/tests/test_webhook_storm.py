"""Many events, a receiver that fails at random and dies, and a salesd that is killed meanwhile."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import salesd
from receiver import Behaviour, Delivery, Receiver

import libsales
from libsales import v1
from libsales.errors import DeadlineExceeded, Unavailable

# `WEBHOOK_EVENTS=10000 pytest tests/test_webhook_storm.py` is the long form.
EVENTS = int(os.environ.get("WEBHOOK_EVENTS", "500"))
KILLS = 3
T = TypeVar("T")
FLAGS = (
    "--webhook-allow=127.0.0.0/8",
    "--webhook-allow-http=true",
    "--webhook-timeout=250ms",
    "--webhook-first-backoff=10ms",
    "--webhook-longest-backoff=50ms",
)


class Storm:
    """How a receiver behaves: well mostly, and else badly in one of the ways there are."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, delivery: Delivery) -> Behaviour:
        dice = self._random.random()
        if dice < 0.03:
            return self._random.choice([500, 502, 429, 408, 404])
        if dice < 0.045:
            return self._random.choice(["close", "half", "nonsense", "redirect:http://10.0.0.1/"])
        if dice < 0.05:
            return self._random.choice(["hang", "drip"])
        return 200


def surely(method: Callable[..., T], **fields: object) -> T:
    """Call until the server that was killed is back; the request id makes it happen once."""
    fields["request_id"] = salesd.unique("r")
    deadline = time.monotonic() + 60
    while True:
        try:
            return method(**fields)
        except (Unavailable, DeadlineExceeded):
            if time.monotonic() > deadline:
                raise


def live(client: libsales.Client, leads: int) -> None:
    """Record some events: leads that are captured, called and found interesting."""
    call = v1.Activity(
        kind=v1.Activity.KIND_CALL, direction=v1.Activity.DIRECTION_OUT, text="hello"
    )
    for number in range(leads):
        who = v1.Contact(identities=[libsales.email(f"n{number}@example.com")])
        lead = surely(client.capture_lead, contact=who, lead=v1.Lead(need="a shop")).lead
        surely(client.log_activity, parent=lead.name, activity=call)
        surely(client.update_lead, lead=v1.Lead(name=lead.name, interest=number % 100 + 1))


def has_come(goal: int, receiver: Receiver) -> bool:
    return len(receiver.deliveries) > goal


def test_every_event_arrives_in_order_whatever_fails(salesd_program: Path, tmp_path: Path) -> None:
    server = salesd.Salesd(salesd_program, tmp_path, salesd.lasting_port(), FLAGS).start()
    receiver = Receiver(Storm(seed=7))
    client = server.connect("storm")
    client.create_workspace(workspace_id="storm")
    client.create_webhook(webhook_id="crm", webhook=v1.Webhook(url=receiver.url))
    # A capture gives two events, a call and an update one each.
    living = threading.Thread(target=live, args=(client, EVENTS // 4))
    living.start()
    for kill in range(1, KILLS + 1):
        goal = EVENTS * kill // (KILLS + 2)
        receiver.wait(partial(has_come, goal), 600)
        if kill % 2:
            receiver.stop()
            time.sleep(0.3)
            server.kill()
            receiver.start()
        else:
            server.kill()
        server.start()
    living.join()
    revision = client.get_workspace(name=client.workspace).revision
    receiver.wait(
        lambda r: client.get_webhook(name="workspaces/storm/webhooks/crm").delivered_revision
        >= revision,
        600,
    )
    receiver.stop()
    recorded = {
        (event.revision, event.ordinal): event
        for event in client.list_events(page_size=1000)
        if event.revision > 2
    }
    assert len(recorded) >= EVENTS - 4
    arrived = [delivery.place for delivery in receiver.accepted()]
    assert set(arrived) == set(recorded), "an event was lost, or made up"
    # Each comes for the first time after all before it: of its lead, and of every other.
    first = list(dict.fromkeys(arrived))
    assert first == sorted(recorded)
    for delivery in receiver.accepted()[:: max(1, EVENTS // 500)]:
        event = recorded[delivery.place]
        assert delivery.event["data"]["lead"] == event.lead
        assert delivery.id == f"storm.{event.revision}.{event.ordinal}"
    again = len(arrived) - len(first)
    print(f"{len(recorded)} events, {len(receiver.deliveries)} requests, {again} came twice")
    client.close()
    assert server.stop() == 0
