"""The check finds what it is there to find."""

from __future__ import annotations

import pytest
from history import Acknowledged, History, Seen

MADE, CAPTURED, LOGGED, BREACHED = 1, 12, 16, 50
RECORD = [
    Seen(1, 0, MADE, ""),
    Seen(2, 0, CAPTURED, "a"),
    Seen(3, 0, CAPTURED, "b"),
    Seen(4, 0, LOGGED, "a"),
    Seen(4, 1, BREACHED, "a"),
]
TOLD = [
    Acknowledged(3, CAPTURED, "b"),
    Acknowledged(2, CAPTURED, "a"),
    Acknowledged(4, LOGGED, "a"),
]


def faults_of(
    told: list[Acknowledged] = TOLD,
    record: list[Seen] = RECORD,
    leads: tuple[str, ...] = ("a", "b"),
    seen: list[Seen] = RECORD,
) -> list[str]:
    return History(told, [RECORD, seen]).faults(record, leads)


def test_a_history_that_agrees_has_no_fault() -> None:
    assert faults_of() == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"told": [*TOLD, Acknowledged(5, LOGGED, "b")]}, "acknowledged and lost"),
        ({"told": TOLD[1:]}, "recorded and not acknowledged"),
        ({"told": [*TOLD, TOLD[0]]}, "acknowledged twice"),
        ({"leads": ("a",)}, "a lead is lost: b"),
        ({"leads": ("a", "b", "c")}, "nobody was told of a lead: c"),
        ({"leads": ("a", "b", "b")}, "a lead is there twice: b"),
        ({"record": [*RECORD[:2], *RECORD[3:]]}, "the record: (4, 0) follows (2, 0)"),
        ({"seen": RECORD[:-1]}, "watcher 1 missed"),
        ({"seen": [*RECORD, RECORD[-1]]}, "watcher 1 saw what is not recorded, or twice"),
        ({"seen": [*RECORD[:-1], Seen(4, 1, LOGGED, "a")]}, "watcher 1 saw what is not recorded"),
        (
            {"seen": [RECORD[0], RECORD[2], RECORD[1], *RECORD[3:]]},
            "watcher 1: (3, 0) follows (1, 0)",
        ),
    ],
)
def test_what_disagrees_is_named(changed: dict, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(**changed)), faults_of(**changed)
