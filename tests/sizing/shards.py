#!/usr/bin/env python3
"""How workspaces of very different sizes fall on shards and servers: what sizing rests on.

    shards.py [--workspaces=10000] [--leads=1000000000] [--shards=256] [--servers=10] [--seed=1]

Sizes follow Zipf's law (the n-th largest workspace has 1/n of the largest, to a power), as those of
customers do; a workspace is on the shard that a hash of its id says, and shards are dealt to servers
one by one, which is how Citus deals them.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    largest_workspace: float  # Shares of all leads.
    largest_shard: float
    largest_server: float
    mean_server: float


def sizes(workspaces: int, leads: int, power: float) -> list[int]:
    """Give how many leads each workspace has, the largest first; they sum up to `leads`."""
    weights = [1 / (place + 1) ** power for place in range(workspaces)]
    total = sum(weights)
    counts = [int(leads * weight / total) for weight in weights]
    counts[0] += leads - sum(counts)
    return counts


def shard_of(workspace: str, shards: int) -> int:
    """Give the shard: equal ranges of a hash, as Citus has them, though not by its hash."""
    digest = hashlib.blake2b(workspace.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") * shards >> 32


def spread(counts: list[int], shards: int, servers: int, seed: int) -> Spread:
    """Let the workspaces fall where the hashes of their ids say."""
    names = random.Random(seed)
    on_shard = [0] * shards
    for count in counts:
        on_shard[shard_of(f"w-{names.getrandbits(64):016x}", shards)] += count
    on_server = [sum(on_shard[server::servers]) for server in range(servers)]
    leads = sum(counts)
    return Spread(
        largest_workspace=max(counts) / leads,
        largest_shard=max(on_shard) / leads,
        largest_server=max(on_server) / leads,
        mean_server=1 / servers,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspaces", type=int, default=10_000)
    parser.add_argument("--leads", type=int, default=1_000_000_000)
    parser.add_argument("--shards", type=int, default=256)
    parser.add_argument("--servers", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    print("| sizes | largest workspace | largest shard | fullest server | of the mean |")
    print("| --- | --- | --- | --- | --- |")
    for power in (0.0, 0.5, 0.8, 1.0):
        counts = sizes(told.workspaces, told.leads, power)
        runs = [spread(counts, told.shards, told.servers, told.seed + run) for run in range(20)]
        # The median and the worst of twenty ways in which ids may fall.
        full = sorted(run.largest_server for run in runs)
        shard = sorted(run.largest_shard for run in runs)
        mean = runs[0].mean_server
        print(
            f"| Zipf {power} | {counts[0] / told.leads:.2%} | {shard[10]:.1%} to {shard[-1]:.1%} "
            f"| {full[10]:.1%} to {full[-1]:.1%} | {full[10] / mean:.2f} to {full[-1] / mean:.2f} |"
        )


if __name__ == "__main__":
    main()
