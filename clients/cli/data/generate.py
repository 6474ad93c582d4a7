#!/usr/bin/env python3
"""Makes a demo CSV from a seed: the leads of a studio that does not exist.

The same seed gives the same bytes, on every machine and Python. Usage:

    generate.py [--leads 2000] [--seed 1] > studio.csv
"""

import argparse
import datetime
import sys

# Channel, its share of the leads in percent, and how many of a hundred are won.
CHANNELS = [
    ("referral", 18, 34),
    ("repeat-request", 12, 46),
    ("contextual-ads", 30, 11),
    ("retargeting", 14, 9),
    ("mail-out", 16, 6),
    ("cold-call", 10, 3),
]
CAMPAIGNS = ["spring", "autumn"]
NEEDS = ["online shop", "mobile app", "corporate site", "landing page", "support"]
START = datetime.datetime(2025, 1, 6, 7, 0, tzinfo=datetime.timezone.utc)
COLUMNS = [
    "id", "name", "email", "channel", "campaign", "need", "value", "received", "answered",
    "agreed", "offered", "started", "accepted", "outcome", "closed",
]


class Numbers:
    """A linear congruential generator: its numbers do not depend on the library's version."""

    def __init__(self, seed):
        self._state = seed

    def below(self, bound):
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % bound


def moment(base, minutes):
    return base + datetime.timedelta(minutes=minutes)


def text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def pick_channel(numbers):
    at = numbers.below(100)
    for name, share, won in CHANNELS:
        if at < share:
            return name, won
        at -= share
    raise AssertionError("the shares do not add up to 100")


def make_lead(index, numbers):
    channel, won = pick_channel(numbers)
    received = moment(START, index * 173 + numbers.below(173))
    lead = dict.fromkeys(COLUMNS, "")
    lead.update(
        id=f"lead-{index:06d}",
        name=f"Client {index}",
        email=f"client{index}@example.com",
        channel=channel,
        campaign=CAMPAIGNS[numbers.below(2)],
        need=NEEDS[numbers.below(len(NEEDS))],
        value=f"{50 + numbers.below(950)}0.00",
        received=text(received),
    )
    answered = moment(received, 1 + numbers.below(300))
    agreed = moment(answered, 60 + numbers.below(5000))
    offered = moment(agreed, 30 + numbers.below(3000))
    started = moment(offered, 5 + numbers.below(100))
    accepted = moment(started, 100 + numbers.below(15000))
    # How far it gets: answered, agreed, offered, or all the way.
    far = numbers.below(100)
    if far < 92:
        lead["answered"] = text(answered)
    if far < 70:
        lead["agreed"] = text(agreed)
    if far < 55:
        lead["offered"] = text(offered)
        lead["started"] = text(started)
    if far < won:
        lead.update(accepted=text(accepted), outcome="won", closed=text(moment(accepted, 60)))
    elif far < 55:
        lead.update(outcome=["declined", "lost"][far % 2], closed=text(moment(started, 20000)))
    elif far >= 97:
        lead.update(outcome="spam", closed=text(moment(received, 10)))
    return lead


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    numbers = Numbers(arguments.seed)
    sys.stdout.write(",".join(COLUMNS) + "\n")
    for index in range(arguments.leads):
        lead = make_lead(index, numbers)
        sys.stdout.write(",".join(lead[column] for column in COLUMNS) + "\n")


if __name__ == "__main__":
    main()
