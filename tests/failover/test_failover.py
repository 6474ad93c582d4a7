"""Nothing that was acknowledged is lost, nothing is done twice, and writes go on, whatever breaks."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import faults
import machines
import pytest
from cluster import TTL_SECONDS, Cluster
from history import History
from replicas import Replicas
from traffic import Traffic

# Within which writes go on after anything that breaks by itself.
RESUME_SECONDS_MAX = 30.0
# How long something stays broken: at times it is mended before anybody noticed.
BROKEN_SECONDS = (1.0, 25.0)
ROUNDS = int(os.environ.get("SALES_FAILOVER_ROUNDS", "0"))
SEED = int(os.environ.get("SALES_FAILOVER_SEED", "0")) or random.randrange(1, 1 << 31)


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[tuple[Cluster, Replicas]]:
    """Give a database and the replicas over it; they end with the sandbox.

    What they wrote stays to be looked at where something was wrong.
    """
    if machines.SANDBOX not in os.environ:
        pytest.fail("needs a sandbox of its own: ./dev test failover makes one")
    folder = Path(tempfile.mkdtemp(prefix="sales-failover-", dir="/tmp"))
    # The database's user must come through to what is his.
    folder.chmod(0o755)
    print(f"\n{folder}, SALES_FAILOVER_SEED={SEED}")
    machines.lay_wire()
    cluster = Cluster(folder)
    yield cluster, Replicas(Path(os.environ["SALESD"]), cluster, folder)
    if request.session.testsfailed == 0:
        shutil.rmtree(folder, ignore_errors=True)


def chosen_faults(randomness: random.Random) -> list[faults.Breaks]:
    """Give what breaks, round by round."""
    if ROUNDS == 0:
        return faults.SHORT
    return [randomness.choice(faults.ALL) for _ in range(ROUNDS)]


def test_nothing_is_lost_or_doubled_and_writes_go_on(world: tuple[Cluster, Replicas]) -> None:
    cluster, replicas = world
    randomness = random.Random(SEED)
    traffic = Traffic(replicas, "studio", SEED)
    traffic.wait_for_answers()
    silences = []
    for number, breaks in enumerate(chosen_faults(randomness), 1):
        running = replicas.running()
        began = time.monotonic()
        fault = breaks(cluster, replicas, randomness.choice)
        broken = randomness.uniform(*BROKEN_SECONDS)
        time.sleep(broken)
        fault.mend()
        if fault.lasts:
            began = time.monotonic()
        cluster.wait_until_whole()
        traffic.wait_for_answers()
        silences.append(traffic.longest_silence(since=began))
        print(f"{number:3} {fault.name} for {broken:.1f} s: writes waited {silences[-1]:.1f} s")
        assert running - replicas.running() == fault.ended, replicas.logs()
    wrong = traffic.finish()
    print(
        f"{len(silences)} faults, {len(traffic.history.acknowledged)} writes acknowledged, "
        f"{len(wrong)} wrong; writes waited {max(silences):.1f} s at most"
    )
    assert wrong == []
    assert max(silences) <= RESUME_SECONDS_MAX


def test_a_database_that_answers_too_early_is_found_out(world: tuple[Cluster, Replicas]) -> None:
    """The last of these tests: what it leaves behind loses writes."""
    cluster, replicas = world
    cluster.acknowledge_early()
    traffic = Traffic(replicas, "careless", SEED)
    traffic.wait_for_answers()
    # Its clients reach the primary, nobody else does, and another takes its place.
    parted = faults.primary_parted(cluster, replicas, random.choice)
    time.sleep(2 * TTL_SECONDS)
    parted.mend()
    cluster.wait_until_whole()
    # A writer or a watcher may have been told by now that what he knows of is not there.
    traffic.stop()
    wrong = History(traffic.history.acknowledged).faults(*traffic.record())
    lost = [fault for fault in wrong if fault.startswith("acknowledged and lost")]
    print(f"{len(lost)} of {len(traffic.history.acknowledged)} acknowledged writes were lost")
    assert lost
