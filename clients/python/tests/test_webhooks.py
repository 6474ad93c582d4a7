"""Webhooks: a real salesd tells real HTTP servers, that fail in every way there is."""

from __future__ import annotations

import datetime
import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import salesd
import standardwebhooks
from google.protobuf.duration_pb2 import Duration
from receiver import Behaviour, Receiver

import libsales
from libsales import v1

# What a real server takes hours for, in moments.
QUICK = (
    "--webhook-allow-http=true",
    "--webhook-timeout=500ms",
    "--webhook-first-backoff=20ms",
    "--webhook-longest-backoff=80ms",
)
# In seconds: by then a change of a webhook holds for what is sent.
SEEN = 0.5
LOOPBACK = "--webhook-allow=127.0.0.0/8,::1/128"


@pytest.fixture(scope="module")
def hooked(
    salesd_program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[salesd.Salesd]:
    """Give a server that may call this machine, which it is not by default."""
    folder = tmp_path_factory.mktemp("hooked")
    running = salesd.Salesd(salesd_program, folder, flags=(*QUICK, LOOPBACK)).start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def studio(hooked: salesd.Salesd) -> Iterator[libsales.Client]:
    workspace = salesd.unique()
    with hooked.connect(workspace) as client:
        client.create_workspace(workspace_id=workspace)
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.stop()


def hook(client: libsales.Client, url: str, **fields: object) -> v1.Webhook:
    return client.create_webhook(
        webhook_id="crm",
        webhook=v1.Webhook(url=url, **fields),  # type: ignore[arg-type]
    )


def state_of(client: libsales.Client) -> v1.Webhook:
    return client.get_webhook(name=client.name("webhooks", "crm"))


def wait_for_failure(client: libsales.Client, *, attempts: int = 1) -> v1.WebhookFailure:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        webhook = state_of(client)
        if webhook.failure.attempts >= attempts:
            return webhook.failure
        time.sleep(0.01)
    raise AssertionError(f"no failure came: {state_of(client)}")


def capture(client: libsales.Client, name: str = "anna") -> v1.Lead:
    return client.capture_lead(
        contact=v1.Contact(
            display_name="Canary Name", identities=[libsales.email(f"{name}@canary.example")]
        ),
        lead=v1.Lead(need="a canary shop"),
    ).lead


def test_an_event_comes_as_a_signed_cloud_event(
    studio: libsales.Client, receiver: Receiver
) -> None:
    webhook = hook(studio, receiver.url, filter=v1.EventFilter(types=[v1.EVENT_TYPE_LEAD_CAPTURED]))
    lead = capture(studio)
    (delivery,) = receiver.wait_for(1)
    event = standardwebhooks.Webhook(webhook.secret).verify(delivery.body, delivery.headers)
    workspace = studio.workspace.partition("/")[2]
    assert delivery.headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert delivery.headers["user-agent"].startswith("salesd/")
    assert event["specversion"] == "1.0"
    assert event["type"] == "sales.v1.lead_captured"
    assert event["source"] == f"/workspaces/{workspace}"
    assert event["subject"] == lead.name
    assert event["id"] == delivery.headers["webhook-id"]
    datetime.datetime.fromisoformat(event["time"])
    recorded = next(e for e in studio.list_events() if e.type == v1.EVENT_TYPE_LEAD_CAPTURED)
    assert event["id"] == f"{workspace}.{recorded.revision}.{recorded.ordinal}"
    assert event["data"]["type"] == "EVENT_TYPE_LEAD_CAPTURED"
    assert event["data"]["lead"] == lead.name
    assert int(event["data"]["revision"]) == recorded.revision


def test_another_secret_verifies_nothing(studio: libsales.Client, receiver: Receiver) -> None:
    hook(studio, receiver.url)
    capture(studio)
    delivery = receiver.wait_for(1)[0]
    stranger = standardwebhooks.Webhook("whsec_" + "c" * 43 + "=")
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        stranger.verify(delivery.body, delivery.headers)


def test_both_secrets_verify_while_one_goes_over(
    studio: libsales.Client, receiver: Receiver
) -> None:
    first = hook(studio, receiver.url)
    name = first.name
    second = studio.rotate_webhook_secret(name=name)
    assert second.secret.startswith("whsec_")
    assert second.secret != first.secret
    time.sleep(SEEN)
    capture(studio)
    wait_until_delivered(studio)
    delivery = receiver.accepted()[-1]
    for secret in (first.secret, second.secret):
        standardwebhooks.Webhook(secret).verify(delivery.body, delivery.headers)
    third = studio.rotate_webhook_secret(name=name, overlap=Duration())
    time.sleep(SEEN)
    capture(studio, "boris")
    wait_until_delivered(studio)
    delivery = receiver.accepted()[-1]
    standardwebhooks.Webhook(third.secret).verify(delivery.body, delivery.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(second.secret).verify(delivery.body, delivery.headers)


def test_nothing_personal_and_no_secret_leaves(
    hooked: salesd.Salesd, studio: libsales.Client, receiver: Receiver
) -> None:
    webhook = hook(studio, receiver.url + "?token=canary-token")
    lead = capture(studio, "canary-person")
    studio.log_activity(
        parent=lead.name,
        activity=v1.Activity(
            kind=v1.Activity.KIND_NOTE,
            direction=v1.Activity.DIRECTION_INTERNAL,
            text="a canary secret",
        ),
    )
    studio.erase_contact(name=lead.contact)
    receiver.wait(lambda r: any(d.event["type"] == "sales.v1.contact_erased" for d in r.accepted()))
    sent = "\n".join(d.body.decode() for d in receiver.deliveries)
    assert "canary" not in sent.lower()
    log = hooked.log.read_text().lower()
    assert "canary" not in log
    assert webhook.secret.lower() not in log
    # Nor is the secret kept: it is made anew of the key file and the webhook's uid.
    kept = b"".join(p.read_bytes() for p in hooked.store.parent.glob("sales.db*"))
    assert webhook.secret.removeprefix("whsec_").encode() not in kept


def test_an_attempt_has_a_trace_that_receiver_and_log_name(
    hooked: salesd.Salesd, studio: libsales.Client, receiver: Receiver
) -> None:
    receiver.script = lambda delivery: 200 if delivery.number else 500
    hook(studio, receiver.url, filter=v1.EventFilter(types=[v1.EVENT_TYPE_LEAD_CAPTURED]))
    capture(studio)
    receiver.wait_for(1)
    told = [d.headers["traceparent"] for d in receiver.deliveries]
    assert len(set(told)) == len(told) == 2
    for traceparent in told:
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", traceparent)
    workspace = studio.workspace.partition("/")[2]

    def failures() -> list[str]:
        lines = [json.loads(line) for line in hooked.log.read_text().splitlines()]
        return [
            line["trace_id"]
            for line in lines
            if line["message"] == "webhook not delivered" and line["workspace"] == workspace
        ]

    receiver.wait(lambda _: bool(failures()))
    assert failures() == [told[0].split("-")[1]]


def test_a_filter_lets_its_events_through_and_no_others(
    studio: libsales.Client, receiver: Receiver
) -> None:
    one = capture(studio, "one")
    other = capture(studio, "other")
    hook(studio, receiver.url, filter=v1.EventFilter(lead=one.name))
    for interest in (10, 20, 30):
        for lead in (other, one):
            studio.update_lead(lead=v1.Lead(name=lead.name, interest=interest))
    wait_until_delivered(studio)
    assert len(receiver.accepted()) == 3
    assert {d.event["subject"] for d in receiver.accepted()} == {one.name}


def wait_until_delivered(client: libsales.Client, seconds: float = 20.0) -> None:
    """Wait until the webhook was told of everything that is recorded now."""
    last = client.get_workspace(name=client.workspace).revision
    deadline = time.monotonic() + seconds
    while state_of(client).delivered_revision < last:
        assert time.monotonic() < deadline, state_of(client)
        time.sleep(0.02)


# Each is answered so once, and then with 200.
FAILURES: list[tuple[Behaviour, int, int]] = [
    (408, v1.WebhookFailure.FAULT_STATUS, 408),
    (429, v1.WebhookFailure.FAULT_STATUS, 429),
    (400, v1.WebhookFailure.FAULT_STATUS, 400),
    (404, v1.WebhookFailure.FAULT_STATUS, 404),
    (500, v1.WebhookFailure.FAULT_STATUS, 500),
    (503, v1.WebhookFailure.FAULT_STATUS, 503),
    ("redirect:http://169.254.169.254/latest/meta-data/", v1.WebhookFailure.FAULT_STATUS, 307),
    ("redirect:http://127.0.0.1:1/", v1.WebhookFailure.FAULT_STATUS, 307),
    ("hang", v1.WebhookFailure.FAULT_TIMEOUT, 0),
    ("drip", v1.WebhookFailure.FAULT_TIMEOUT, 0),
    ("close", v1.WebhookFailure.FAULT_PROTOCOL, 0),
    ("half", v1.WebhookFailure.FAULT_PROTOCOL, 0),
    ("flood", v1.WebhookFailure.FAULT_PROTOCOL, 0),
    ("nonsense", v1.WebhookFailure.FAULT_PROTOCOL, 0),
]


@pytest.mark.parametrize(("behaviour", "fault", "status"), FAILURES)
def test_what_failed_is_sent_again_until_it_arrives(
    studio: libsales.Client,
    receiver: Receiver,
    behaviour: Behaviour,
    fault: int,
    status: int,
) -> None:
    stubborn = True
    receiver.script = lambda delivery: behaviour if stubborn else 200
    hook(studio, receiver.url)
    capture(studio)
    failure = wait_for_failure(studio, attempts=2)
    assert failure.fault == fault
    assert failure.http_status == status
    # Nothing goes before what failed.
    assert len({d.id for d in receiver.deliveries}) == 1
    assert not receiver.accepted()
    stubborn = False
    wait_until_delivered(studio)
    assert not state_of(studio).HasField("failure")
    places = [d.place for d in receiver.accepted()]
    assert places == sorted(set(places))


def test_an_answer_without_end_is_cut_and_its_status_counts(
    studio: libsales.Client, receiver: Receiver
) -> None:
    receiver.script = lambda delivery: "endless" if delivery.number == 0 else 200
    hook(studio, receiver.url)
    capture(studio)
    wait_until_delivered(studio)
    receiver.wait(lambda r: r.cut_off == 1)
    ids = [d.id for d in receiver.deliveries]
    assert len(ids) == len(set(ids))


def test_a_receiver_that_refuses_connections_is_called_again(
    studio: libsales.Client, receiver: Receiver
) -> None:
    receiver.stop()
    hook(studio, receiver.url)
    capture(studio)
    failure = wait_for_failure(studio)
    assert failure.fault == v1.WebhookFailure.FAULT_CONNECT
    receiver.start()
    wait_until_delivered(studio)
    assert receiver.accepted()


def test_a_receiver_is_left_alone_for_as_long_as_it_asks(
    studio: libsales.Client, receiver: Receiver
) -> None:
    receiver.script = lambda delivery: "retry_after:3600" if delivery.number == 0 else 200
    hook(studio, receiver.url)
    capture(studio)
    failure = wait_for_failure(studio)
    wait = failure.next_time.ToNanoseconds() - failure.last_time.ToNanoseconds()
    assert wait == 3600 * 10**9
    time.sleep(SEEN)
    assert len(receiver.deliveries) == 1
    # Whoever cannot wait says so.
    studio.update_webhook(
        webhook=v1.Webhook(name=studio.name("webhooks", "crm"), state=v1.Webhook.STATE_ENABLED)
    )
    wait_until_delivered(studio)


def test_a_receiver_that_is_gone_is_called_no_more(
    studio: libsales.Client, receiver: Receiver
) -> None:
    receiver.script = lambda delivery: 410
    hook(studio, receiver.url)
    capture(studio)
    deadline = time.monotonic() + 20
    while state_of(studio).state == v1.Webhook.STATE_ENABLED:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    webhook = state_of(studio)
    assert webhook.state == v1.Webhook.STATE_DISABLED
    assert webhook.failure.http_status == 410
    capture(studio, "boris")
    time.sleep(SEEN)
    assert len(receiver.deliveries) == 1
    assert [e.type for e in studio.list_events()].count(v1.EVENT_TYPE_WEBHOOK_DISABLED) == 1
    # It is back, and nothing was lost.
    receiver.script = lambda delivery: 200
    studio.update_webhook(webhook=v1.Webhook(name=webhook.name, state=v1.Webhook.STATE_ENABLED))
    wait_until_delivered(studio)
    assert [d.event["type"] for d in receiver.accepted()].count("sales.v1.lead_captured") == 2


def test_a_replay_sends_everything_again_with_the_same_ids(
    studio: libsales.Client, receiver: Receiver
) -> None:
    hook(studio, receiver.url)
    for name in ("anna", "boris"):
        capture(studio, name)
    wait_until_delivered(studio)
    once = [d.id for d in receiver.accepted()]
    studio.replay_webhook(name=studio.name("webhooks", "crm"), after_revision=0)
    wait_until_delivered(studio)
    again = [d.id for d in receiver.accepted()][len(once) :]
    assert (
        again[: len(again) - 1]
        == [
            f"{studio.workspace.partition('/')[2]}.{e.revision}.{e.ordinal}"
            for e in studio.list_events()
        ][: len(again) - 1]
    )
    assert set(once) <= set(again)


def test_a_deleted_webhook_is_called_no_more(studio: libsales.Client, receiver: Receiver) -> None:
    webhook = hook(studio, receiver.url)
    capture(studio)
    wait_until_delivered(studio)
    studio.delete_webhook(name=webhook.name)
    time.sleep(SEEN)
    seen = len(receiver.deliveries)
    capture(studio, "boris")
    time.sleep(SEEN)
    assert len(receiver.deliveries) == seen


def test_a_slow_receiver_keeps_no_other_waiting(
    studio: libsales.Client, receiver: Receiver
) -> None:
    slow = Receiver(lambda delivery: "hang")
    studio.create_webhook(webhook_id="slow", webhook=v1.Webhook(url=slow.url))
    hook(studio, receiver.url)
    for number in range(20):
        capture(studio, f"n{number}")
    started = time.monotonic()
    wait_until_delivered(studio)
    slow.stop()
    assert time.monotonic() - started < 10
    assert len({d.id for d in slow.deliveries}) == 1


def certificate(folder: Path, name: str, issuer: str = "") -> Path:
    """Make a key and a certificate of a host, or of a CA that signs others."""
    key, pem = folder / f"{name}.key", folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(key), "-out", str(pem), "-subj", f"/CN={name}"]
    if issuer:
        command += ["-CA", str(folder / f"{issuer}.pem"), "-CAkey", str(folder / f"{issuer}.key")]
        command += ["-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run(command, check=True, capture_output=True)
    return pem


def context(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, pem.with_suffix(".key"))
    return context


def test_only_receivers_with_a_trusted_certificate_are_told(
    salesd_program: Path, tmp_path: Path
) -> None:
    certificate(tmp_path, "ca")
    certificate(tmp_path, "stranger")
    good = Receiver(tls=context(certificate(tmp_path, "good", "ca")))
    bad = Receiver(tls=context(certificate(tmp_path, "bad", "stranger")))
    flags = (*QUICK[1:], LOOPBACK, f"--webhook-ca-file={tmp_path / 'ca.pem'}")
    server = salesd.Salesd(salesd_program, tmp_path, flags=flags).start()
    with server.connect("tls") as client:
        client.create_workspace(workspace_id="tls")
        client.create_webhook(webhook_id="bad", webhook=v1.Webhook(url=bad.url))
        hook(client, good.url)
        capture(client)
        wait_until_delivered(client)
        webhook = client.get_webhook(name=client.name("webhooks", "bad"))
        assert webhook.failure.fault == v1.WebhookFailure.FAULT_TLS
        assert not bad.deliveries
        assert good.accepted()
        # Plain http is refused, for it was not allowed.
        with pytest.raises(libsales.InvalidArgument) as refused:
            client.create_webhook(webhook_id="http", webhook=v1.Webhook(url="http://example.com"))
        assert refused.value.reason == "FIELD_INVALID"
    good.stop()
    bad.stop()
    assert server.stop() == 0


FORBIDDEN = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::1]:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://10.0.0.1/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::7f00:1]:{port}/",
]


def test_no_webhook_leads_into_the_private_network(
    salesd_program: Path, tmp_path: Path, receiver: Receiver
) -> None:
    server = salesd.Salesd(salesd_program, tmp_path, flags=QUICK).start()
    with server.connect("inside") as client:
        client.create_workspace(workspace_id="inside")
        names = []
        for number, url in enumerate(FORBIDDEN):
            webhook = v1.Webhook(url=url.format(port=receiver.port))
            names.append(client.create_webhook(webhook_id=f"w{number}", webhook=webhook).name)
        capture(client)
        for name, url in zip(names, FORBIDDEN):
            deadline = time.monotonic() + 20
            while not (webhook := client.get_webhook(name=name)).failure.attempts:
                assert time.monotonic() < deadline, url
                time.sleep(0.01)
            assert webhook.failure.fault == v1.WebhookFailure.FAULT_FORBIDDEN, url
    assert not receiver.deliveries
    assert server.stop() == 0


def test_a_proxy_of_the_environment_is_not_used(
    salesd_program: Path, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Receiver()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
    server = salesd.Salesd(salesd_program, tmp_path, flags=(*QUICK, LOOPBACK)).start()
    # gRPC would use it too.
    monkeypatch.delenv("http_proxy")
    with server.connect("direct") as client:
        client.create_workspace(workspace_id="direct")
        hook(client, receiver.url)
        capture(client)
        wait_until_delivered(client)
    assert receiver.accepted()
    assert not proxy.deliveries
    proxy.stop()
    assert server.stop() == 0


def test_a_webhook_that_failed_for_too_long_is_marked_and_loses_nothing(
    salesd_program: Path, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.script = lambda delivery: 500
    flags = (*QUICK, LOOPBACK, "--webhook-give-up-after=300ms")
    server = salesd.Salesd(salesd_program, tmp_path, flags=flags).start()
    with server.connect("patience") as client:
        client.create_workspace(workspace_id="patience")
        hook(client, receiver.url)
        capture(client)
        deadline = time.monotonic() + 20
        while state_of(client).state == v1.Webhook.STATE_ENABLED:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        webhook = state_of(client)
        assert webhook.state == v1.Webhook.STATE_FAILED
        assert not webhook.failure.HasField("next_time")
        assert client.name("webhooks", "crm") in [
            e.subject for e in client.list_events() if e.type == v1.EVENT_TYPE_WEBHOOK_FAILED
        ]
        receiver.script = lambda delivery: 200
        client.replay_webhook(name=webhook.name, after_revision=webhook.delivered_revision)
        wait_until_delivered(client)
        assert receiver.accepted()[0].event["type"] in (
            "sales.v1.contact_created",
            "sales.v1.lead_captured",
        )
    assert server.stop() == 0


def test_how_often_it_failed_is_known_after_a_kill(
    salesd_program: Path, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.script = lambda delivery: 503
    flags = (*QUICK, LOOPBACK, "--webhook-longest-backoff=1h", "--webhook-first-backoff=1h")
    server = salesd.Salesd(salesd_program, tmp_path, salesd.lasting_port(), flags=flags).start()
    with server.connect("memory") as client:
        client.create_workspace(workspace_id="memory")
        hook(client, receiver.url)
        capture(client)
        before = wait_for_failure(client)
        server.kill()
        server.start()
        time.sleep(0.5)
        assert state_of(client).failure == before
        assert len(receiver.deliveries) == 1
    assert server.stop() == 0


def test_without_a_key_there_are_no_webhooks(salesd_program: Path, tmp_path: Path) -> None:
    server = salesd.Salesd(salesd_program, tmp_path)
    server.flags.clear()
    server.start()
    with server.connect("off") as client:
        client.create_workspace(workspace_id="off")
        with pytest.raises(libsales.FailedPrecondition) as refused:
            hook(client, "https://example.com/")
        assert refused.value.reason == "WEBHOOKS_OFF"
    assert server.stop() == 0


def test_a_short_key_is_refused(salesd_program: Path, tmp_path: Path) -> None:
    key = tmp_path / "short.key"
    key.write_text("short")
    command = [
        str(salesd_program),
        f"--store=sqlite:{tmp_path / 's.db'}",
        f"--webhook-key-file={key}",
    ]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=30)
    assert ended.returncode == 2
    assert b"shorter than 32 bytes" in ended.stderr


def test_the_receiver_of_the_readme_prints_what_it_is_told(studio: libsales.Client) -> None:
    port = salesd.lasting_port()
    secret = hook(studio, f"http://127.0.0.1:{port}/").secret
    lead = capture(studio)
    example = Path(__file__).parent.parent / "examples" / "receive_webhook.py"
    environment = {**os.environ, "WEBHOOK_SECRET": secret}
    command = [sys.executable, str(example), str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as receiving:
        assert receiving.stdout is not None
        lines = [receiving.stdout.readline() for _ in range(2)]
        wait_until_delivered(studio)
        receiving.terminate()
    assert any(f"sales.v1.lead_captured {lead.name}" in line for line in lines), lines
