"""What clients were told, and whether the record agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Acknowledged(NamedTuple):
    """A write that was answered: the revision it got, and the event that tells of it."""

    revision: int
    type: int
    lead: str


class Seen(NamedTuple):
    """An event, as a watcher or a list gave it."""

    revision: int
    ordinal: int
    type: int
    lead: str


@dataclass
class History:
    acknowledged: list[Acknowledged] = field(default_factory=list)
    watched: list[list[Seen]] = field(default_factory=list)

    def faults(self, recorded: list[Seen], leads: Iterable[str]) -> list[str]:
        """Give what contradicts the record: all events in order, and the names of all leads.

        Every write must have been answered by now. Then the record holds what was acknowledged
        and nothing else of the kind: a write that was done twice, or for a caller who never got
        its answer, is one too many.
        """
        return [
            *self._lost_and_doubled(recorded),
            *self._leads(leads),
            *_disorder("the record", recorded),
            *self._watchers(recorded),
        ]

    def _lost_and_doubled(self, recorded: list[Seen]) -> list[str]:
        told = Counter(self.acknowledged)
        kinds = {write.type for write in self.acknowledged}
        found = Counter(
            Acknowledged(event.revision, event.type, event.lead)
            for event in recorded
            if event.type in kinds
        )
        return [
            *(f"acknowledged and lost: {write}" for write in (told - found)),
            *(f"recorded and not acknowledged: {write}" for write in (found - told)),
            *(f"acknowledged twice: {write}" for write, count in told.items() if count > 1),
        ]

    def _leads(self, leads: Iterable[str]) -> list[str]:
        told = {write.lead for write in self.acknowledged}
        found = Counter(leads)
        return [
            *(f"a lead is lost: {lead}" for lead in told - found.keys()),
            *(f"nobody was told of a lead: {lead}" for lead in found.keys() - told),
            *(f"a lead is there twice: {lead}" for lead, count in found.items() if count > 1),
        ]

    def _watchers(self, recorded: list[Seen]) -> list[str]:
        faults = []
        for number, seen in enumerate(self.watched):
            name = f"watcher {number}"
            faults += _disorder(name, seen)
            missed, invented = Counter(recorded) - Counter(seen), Counter(seen) - Counter(recorded)
            faults += [f"{name} missed {event}" for event in missed]
            faults += [f"{name} saw what is not recorded, or twice: {event}" for event in invented]
        return faults


def _disorder(name: str, events: list[Seen]) -> list[str]:
    """Give the places where revisions do not go 1, 2, 3 …, each with its events from 0."""
    faults = []
    revision, ordinal = 0, -1
    for event in events:
        place = (event.revision, event.ordinal)
        if place not in ((revision, ordinal + 1), (revision + 1, 0)):
            faults.append(f"{name}: {place} follows {(revision, ordinal)}")
        revision, ordinal = place
    return faults
