"""Nothing personal and no secret is told to those who are not to know, over a whole session.

Whatever a person or a secret is given here has a canary in it, which is then looked for in
everything that others than the caller see: the log at its finest, the metrics, refusals, events,
what webhooks are told, and the listing of processes.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import salesd
from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from receiver import Receiver
from test_scenarios import METHODS

import libsales
from libsales import v1

# What makes them be found: in every canary that is a word, whatever else it is a part of.
CANARY = "zqcanary"
PHONES = ("+31205550177", "+31205550188")
NAME = "Жанна Зюканарейкина"
WORDS = {"a word": f"{CANARY}-word"}
NO_WORDS = {
    "an address": f"{CANARY}@canary.example",
    "a text that is too long": CANARY + "x" * 200_000,
}
# The id of a workspace is in the log, and this one is needed.
SPARED = ("CreateWorkspace", "DeleteWorkspace")


class Secrets:
    """What is looked for, and where it was found."""

    def __init__(self) -> None:
        self.words = [CANARY, "Зюканарейкина", *(phone[3:] for phone in PHONES)]
        self.found: list[str] = []

    def word(self, what: str) -> str:
        """Give a canary of this kind."""
        return f"{CANARY}-{what}"

    def add(self, secret: str) -> str:
        """Look for a secret that salesd made, too."""
        assert len(secret) > 16
        self.words.append(secret)
        return secret

    def look(self, where: str, text: str) -> None:
        """Note what is in a text that may not be."""
        folded = text.casefold()
        for word in self.words:
            escaped = json.dumps(word)[1:-1]
            if word.casefold() in folded or escaped.casefold() in folded:
                self.found.append(f"{word} in {where}: {text[:300]}")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a store; the password of PostgreSQL's is in the file that the setting names."""
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'sales.db'}"
        return
    with salesd.postgres(tmp_path, f"{CANARY}-password") as store:
        yield store


def settings_of(tmp_path: Path) -> list[str]:
    key = tmp_path / "webhook.key"
    key.write_text(f"{CANARY}-key-that-secrets-of-webhooks-are-made-from")
    return [
        f"--webhook-key-file={key}",
        "--webhook-allow-http=true",
        "--webhook-allow=127.0.0.0/8",
        "--webhook-first-backoff=20ms",
        "--metrics-listen=127.0.0.1:0",
        "--auth=required",
        "--log-level=debug",
    ]


@pytest.fixture
def server(salesd_program: Path, tmp_path: Path, store: str) -> Iterator[salesd.Salesd]:
    """Give a server that is not started yet, with all secrets that a server has."""
    made = salesd.Salesd(salesd_program, tmp_path, flags=settings_of(tmp_path), store=store)
    yield made
    made.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a receiver that fails at first, so that the log tells of it."""
    started = Receiver(lambda delivery: 500 if delivery.number == 0 else 200)
    yield started
    started.stop()


def first_token(server: salesd.Salesd) -> str:
    command = [str(server.program), "token", f"--store={server.store_name}", "--role=owner"]
    made = subprocess.run([*command, "--actor=boss"], check=True, capture_output=True, text=True)
    return made.stdout.strip()


def person(secrets: Secrets, name: str, phone: str) -> v1.Contact:
    messenger = v1.Identity(
        kind=v1.Identity.KIND_MESSENGER, value=secrets.word("messenger-" + name), source="telegram"
    )
    return v1.Contact(
        display_name=NAME + " " + secrets.word(name),
        organization=secrets.word("organization"),
        identities=[
            libsales.email(f"{secrets.word(name)}@canary.example"),
            libsales.phone(phone),
            messenger,
        ],
    )


def live(sales: libsales.Client, secrets: Secrets) -> v1.Lead:
    """Take two people through what happens to people; gives the lead of the first."""
    lead = sales.capture_lead(
        contact=person(secrets, "anna", PHONES[0]), lead=v1.Lead(need=secrets.word("need"))
    ).lead
    other = sales.capture_lead(
        contact=person(secrets, "boris", PHONES[1]), lead=v1.Lead(need=secrets.word("need"))
    ).lead
    sales.update_contact(
        contact=v1.Contact(name=lead.contact, display_name=secrets.word("new-name"))
    )
    note = v1.Activity(
        kind=v1.Activity.KIND_NOTE,
        direction=v1.Activity.DIRECTION_INTERNAL,
        text=secrets.word("note"),
    )
    sales.log_activity(parent=lead.name, activity=note)
    sales.agree_requirements(name=lead.name, text=secrets.word("requirements"))
    price = v1.Money(currency_code="EUR", minor_units=70_000)
    sales.send_proposal(name=lead.name, scope=secrets.word("scope"), price=price)
    sales.plan_activity(
        name=lead.name,
        kind=v1.Activity.KIND_CALL,
        due_time=Timestamp(seconds=4_000_000_000),
        text=secrets.word("plan"),
    )
    sales.record_referral(name=other.contact, referrer=lead.contact)
    sales.decline_lead(
        name=other.name,
        reason="price",
        arguments=v1.Arguments(
            better=secrets.word("better"),
            price=secrets.word("price"),
            differ=secrets.word("differ"),
        ),
        alternatives=secrets.word("alternatives"),
    )
    sales.reopen_lead(
        name=other.name, reason=secrets.word("reason"), override_reason=secrets.word("override")
    )
    sales.win_lead(name=other.name, value=price, override_reason=secrets.word("override"))
    assert secrets.word("anna") in sales.export_contact(name=lead.contact).document
    sales.erase_contact(name=other.contact)
    return lead


def paths(message: Message, depth: int = 0) -> Iterator[tuple[FieldDescriptor, ...]]:
    """Give the way to each text of a request, also within what it holds."""
    for field in message.DESCRIPTOR.fields:
        if field.type == FieldDescriptor.TYPE_STRING:
            yield (field,)
        elif field.message_type and not field.message_type.GetOptions().map_entry and depth < 3:
            inner = message_factory.GetMessageClass(field.message_type)()
            for path in paths(inner, depth + 1):
                yield (field, *path)


def put(message: Message, path: tuple[FieldDescriptor, ...], text: str) -> None:
    for field in path[:-1]:
        held = getattr(message, field.name)
        message = held.add() if field.label == FieldDescriptor.LABEL_REPEATED else held
        message.SetInParent()
    last = path[-1]
    if last.label == FieldDescriptor.LABEL_REPEATED:
        getattr(message, last.name).append(text)
    else:
        setattr(message, last.name, text)


def hostile(
    method: MethodDescriptor, names: dict[str, str], texts: dict[str, str]
) -> Iterator[tuple[str, Message]]:
    """Give a request for each text that the method takes, with each canary in its place."""
    request = message_factory.GetMessageClass(method.input_type)
    for path in paths(request()):
        for kind, text in texts.items():
            made = request()
            for field, name in names.items():
                if field in made.DESCRIPTOR.fields_by_name:
                    setattr(made, field, name)
            put(made, path, text)
            yield f"{method.name}, {'.'.join(field.name for field in path)} as {kind}", made


def refusal_of(error: libsales.Error) -> str:
    """Give all that a refusal says, on the wire as well."""
    told = f"{error} {error.metadata} {error.fields} {error.missing}"
    cause = error.__cause__
    if isinstance(cause, grpc.Call):
        told += repr([tuple(pair) for pair in cause.trailing_metadata() or ()])
    return told


def attack(sales: libsales.Client, lead: v1.Lead, secrets: Secrets, texts: dict[str, str]) -> int:
    """Put canaries where they are refused; gives how often."""
    workspace = lead.name.partition("/leads/")[0]
    refused = 0
    for method in METHODS.values():
        if method.server_streaming or method.client_streaming or method.name in SPARED:
            continue
        of_leads = method.containing_service.name == "LeadService"
        for where, request in hostile(
            method, {"parent": workspace, "name": lead.name if of_leads else workspace}, texts
        ):
            try:
                sales.call(
                    f"/{method.containing_service.full_name}/{method.name}",
                    request,
                    message_factory.GetMessageClass(method.output_type),
                )
            except libsales.Error as error:
                refused += 1
                secrets.look(f"the refusal of {where}", refusal_of(error))
    return refused


def test_no_canary_gets_out(
    server: salesd.Salesd, receiver: Receiver, tmp_path: Path, store: str
) -> None:
    secrets = Secrets()
    file = tmp_path / "token"
    file.write_text(secrets.add(first_token(server)))
    server.start()
    with libsales.connect(server.target, workspace="studio", token_file=file) as sales:
        sales.create_workspace(workspace_id="studio")
        url = f"{receiver.url}?token={secrets.word('url')}"
        secrets.add(sales.create_webhook(webhook_id="crm", webhook=v1.Webhook(url=url)).secret)
        analyst = sales.create_token(token=v1.Token(role=v1.ROLE_ANALYST, actor="eva")).secret
        lead = live(sales, secrets)
        (tmp_path / "analyst").write_text(secrets.add(analyst))
        with libsales.connect(
            server.target, workspace="studio", token_file=tmp_path / "analyst"
        ) as eva:
            events = list(eva.list_events())
        assert len(events) > 10
        secrets.look("the events", "\n".join(str(event) for event in events))
        receiver.wait_for(len(events) // 2)
        secrets.look("deliveries", "\n".join(d.body.decode() for d in receiver.deliveries))
        # What is no word is refused before any store is asked: once is enough.
        texts = WORDS if store.startswith("postgres") else WORDS | NO_WORDS
        assert attack(sales, lead, secrets, texts) > 100 * len(texts)
    with libsales.connect(server.target, workspace="studio") as nobody:
        with pytest.raises(libsales.Unauthenticated) as unknown:
            nobody.get_contact(name=f"workspaces/studio/contacts/{CANARY}")
        secrets.look("the refusal of a stranger", refusal_of(unknown.value))
    port = server.announced("metrics_port")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as page:
        secrets.look("the metrics", page.read().decode())
    for listing in ("cmdline", "environ"):
        told = Path(f"/proc/{server.pid}/{listing}").read_bytes()
        secrets.look(f"the process's {listing}", told.decode(errors="replace"))
    assert server.stop() == 0
    log = server.log.read_text()
    assert log.count("\n") > 100
    for line in log.splitlines():
        secrets.look("the log", line)
    assert not secrets.found, "\n".join(secrets.found[:20])


def test_a_database_out_of_reach_does_not_show_its_password(
    salesd_program: Path, tmp_path: Path
) -> None:
    dsn = tmp_path / "dsn"
    for reach in (
        f"host={tmp_path} dbname=sales user=sales password={CANARY}",
        f"postgresql://sales:{CANARY}@127.0.0.1:1/sales",
        f"host=127.0.0.1 port=none password={CANARY}",
        f"password={CANARY} nonsense",
        f"nonsense={CANARY}",
    ):
        dsn.write_text(reach)
        command = [str(salesd_program), "migrate", f"--store=postgres:@{dsn}", "--log-level=debug"]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
        assert ended.returncode != 0
        assert ended.stderr
        assert CANARY not in ended.stdout + ended.stderr, reach
