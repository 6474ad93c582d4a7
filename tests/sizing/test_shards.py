#!/usr/bin/env python3
"""The simulation adds up, and says what can be reckoned without it."""

from __future__ import annotations

import math
import unittest

import shards


class Shards(unittest.TestCase):
    def test_no_lead_is_lost(self) -> None:
        for power in (0.0, 0.5, 1.0):
            counts = shards.sizes(10_000, 1_000_000_000, power)
            assert sum(counts) == 1_000_000_000
            assert counts == sorted(counts, reverse=True)

    def test_the_largest_workspace_of_zipf_has_one_part_in_a_harmonic_number(self) -> None:
        counts = shards.sizes(10_000, 1_000_000_000, 1.0)
        harmonic = math.log(10_000) + 0.5772156649 + 1 / 20_000
        assert math.isclose(counts[0] / 1e9, 1 / harmonic, rel_tol=1e-3)

    def test_a_hash_fills_shards_evenly(self) -> None:
        filled = [0] * 64
        for number in range(64_000):
            filled[shards.shard_of(f"workspace-{number}", 64)] += 1
        # A binomial of mean 1000: six standard deviations.
        assert all(abs(count - 1000) < 6 * math.sqrt(1000) for count in filled)

    def test_equal_workspaces_fill_servers_as_a_binomial_does(self) -> None:
        counts = shards.sizes(10_000, 1_000_000_000, 0.0)
        worst = max(shards.spread(counts, 250, 10, seed).largest_server for seed in range(20))
        deviation = math.sqrt(10_000 * 0.1 * 0.9) / 10_000
        assert 0.1 < worst < 0.1 + 5 * deviation

    def test_a_server_holds_at_least_the_largest_workspace(self) -> None:
        for power in (0.5, 0.8, 1.0):
            found = shards.spread(shards.sizes(10_000, 10**9, power), 256, 10, seed=3)
            assert found.largest_server >= found.largest_shard >= found.largest_workspace

    def test_the_same_seed_gives_the_same_spread(self) -> None:
        counts = shards.sizes(1000, 10**6, 0.8)
        assert shards.spread(counts, 64, 4, 7) == shards.spread(counts, 64, 4, 7)


if __name__ == "__main__":
    unittest.main()
