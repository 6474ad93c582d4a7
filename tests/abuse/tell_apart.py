#!/usr/bin/env python3
"""Whether time tells a caller that something exists which he may not see.

    SALESD=build/release/service/salesd .venv/bin/python tests/abuse/tell_apart.py [CALLS]

Calls about what is another's and about what is not there take turns in a random order. Of each method the medians
are told, and by a rank test how likely two sets of times of one kind are to differ as much: a caller
who can tell them apart gets less than one in a thousand, again and again.
"""

from __future__ import annotations

import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "clients" / "python" / "tests"))
import salesd

import libsales
from libsales import v1

# Below it, times differ by more than chance.
LIKELY_MIN = 0.001
LEADS = 2000
Ask = Callable[[], object]


def rank_test(first: list[float], second: list[float]) -> float:
    """Give how likely samples of one kind differ in their ranks as these do (Mann and Whitney)."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(place for place, (_, whose) in enumerate(ranked, 1) if whose == 0)
    n, m = len(first), len(second)
    middle = n * (n + m + 1) / 2
    deviation = math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(ranks - middle) / deviation / math.sqrt(2))


def refused(ask: Ask) -> float:
    """Give how many microseconds a refusal took."""
    start = time.perf_counter()
    try:
        ask()
    except libsales.NotFound:
        return (time.perf_counter() - start) * 1e6
    raise RuntimeError("this is not to be found")


def compare(name: str, others: Ask, missing: Ask, calls: int) -> bool:
    """Tell how two questions differ; whether they cannot be told apart."""
    times: tuple[list[float], list[float]] = ([], [])
    order = [0, 1] * calls
    random.shuffle(order)
    for which in [0, 1] * 100 + order:
        times[which].append(refused((others, missing)[which]))
    first, second = times[0][100:], times[1][100:]
    likely = rank_test(first, second)
    of_first, of_second = statistics.median(first), statistics.median(second)
    print(
        f"{name:36} another's {of_first:7.1f} µs, not there {of_second:7.1f} µs, "
        f"{of_first - of_second:+5.1f}; by chance {likely:.3f}",
        flush=True,
    )
    return likely >= LIKELY_MIN


def fill(sales: libsales.Client, workspace: str) -> v1.Lead:
    """Make a workspace with leads, so that looking into it would take its time; gives one of them."""
    sales.create_workspace(workspace_id=workspace)
    lead = None
    for number in range(LEADS):
        who = v1.Contact(identities=[libsales.email(f"person{number}@example.com")])
        lead = sales.capture_lead(parent=f"workspaces/{workspace}", contact=who).lead
    assert lead is not None
    return lead


def questions(sales: libsales.Client, workspace: str, lead: str, contact: str) -> dict[str, Ask]:
    """Give a question of each way that the store is asked in."""
    parent = f"workspaces/{workspace}"
    who = v1.Contact(identities=[libsales.email("person1@example.com")])
    return {
        "GetWorkspace": lambda: sales.get_workspace(name=parent),
        "GetLead": lambda: sales.get_lead(name=f"{parent}/leads/{lead}"),
        "GetContact": lambda: sales.get_contact(name=f"{parent}/contacts/{contact}"),
        "ListLeads": lambda: next(iter(sales.list_leads(parent=parent))),
        "ReportFunnel": lambda: sales.report_funnel(parent=parent),
        "CaptureLead": lambda: sales.capture_lead(parent=parent, contact=who),
        "UpdateLead": lambda: sales.update_lead(
            lead=v1.Lead(name=f"{parent}/leads/{lead}", need="a shop")
        ),
    }


def main(calls: int) -> int:
    program = pathlib.Path(os.environ["SALESD"])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = salesd.Salesd(program, folder, flags=["--auth=required"])
        command = [program, "token", f"--store={server.store_name}", "--role=owner", "--actor=boss"]
        first = subprocess.run(command, check=True, capture_output=True)
        (folder / "boss").write_bytes(first.stdout)
        server.start()
        with libsales.connect(server.target, token_file=folder / "boss") as boss:
            fill(boss, "studio")
            lead = fill(boss, "rival")
            token = v1.Token(role=v1.ROLE_OWNER, actor="anna")
            made = boss.create_token(parent="workspaces/studio", token=token)
            (folder / "anna").write_text(made.secret)
        _, _, _, id_of_lead = lead.name.split("/")
        id_of_contact = lead.contact.split("/")[3]
        with libsales.connect(server.target, token_file=folder / "anna") as anna:
            there = questions(anna, "rival", id_of_lead, id_of_contact)
            nowhere = questions(anna, "dream", id_of_lead, id_of_contact)
            told = [what for what in there if not compare(what, there[what], nowhere[what], calls)]
        server.stop()
    print(
        f"{len(there)} methods, {calls} calls of each kind; told apart: {', '.join(told) or 'none'}"
    )
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
