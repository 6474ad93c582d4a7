"""What breaks, and how it is mended. Each takes a cluster and replicas that are whole."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cluster import Cluster, Node
from machines import Machine
from replicas import Replicas

# Chooses one of some machines.
AnyOf = Callable[[Sequence[Any]], Any]


@dataclass
class Fault:
    """Something that was broken, and what mends it."""

    name: str
    mend: Callable[[], None]
    # Nothing but mending it lets writes go on: no standby takes over for it.
    lasts: bool = False
    # Processes of salesd that it ended; all others are to live through it.
    ended: frozenset[int] = frozenset()


Breaks = Callable[[Cluster, Replicas, AnyOf], Fault]


def _killed(node: Node, *programs: str) -> Fault:
    node.kill(*programs)
    return Fault(f"kill -9 of {', '.join(programs)} on {node.name}", node.start_what_is_missing)


def _paused(machine: Machine, *programs: str) -> Fault:
    machine.signal(signal.SIGSTOP, *programs)
    return Fault(
        f"a pause of {', '.join(programs)} on {machine.name}",
        lambda: machine.signal(signal.SIGCONT, *programs),
    )


def _cut_off(machine: Machine) -> Fault:
    machine.unplug()
    return Fault(f"{machine.name} cut off", machine.plug)


def _parted(machine: Machine, others: list[Machine]) -> Fault:
    machine.part(others)
    return Fault(f"{machine.name} cut off from its peers alone", lambda: machine.join(others))


def _disk_full(node: Node) -> Fault:
    # PostgreSQL goes on with what room it has, and refuses what needs more.
    node.fill_disk()
    return Fault(f"a full disk on {node.name}", node.clear_disk, lasts=True)


def _salesd_killed(replicas: Replicas, machine: Machine) -> Fault:
    ended = frozenset(machine.processes("salesd"))
    machine.signal(signal.SIGKILL, "salesd")
    return Fault(
        f"kill -9 of salesd on {machine.name}", lambda: replicas.start(machine), ended=ended
    )


def primary_killed(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _killed(cluster.node("leader"), "patroni", "postgres")


def postgres_killed(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _killed(cluster.node("leader"), "postgres")


def machine_killed(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _killed(cluster.node("leader"), "patroni", "postgres", "etcd")


def standby_killed(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _killed(cluster.node("sync_standby"), "patroni", "postgres")


def salesd_killed(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _salesd_killed(replicas, any_of(replicas.machines))


def primary_paused(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _paused(cluster.node("leader").machine, "postgres", "patroni")


def postgres_paused(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _paused(cluster.node("leader").machine, "postgres")


def patroni_paused(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _paused(cluster.node("leader").machine, "patroni")


def standby_paused(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _paused(cluster.node("sync_standby").machine, "postgres")


def etcd_paused(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _paused(any_of(cluster.nodes).machine, "etcd")


def salesd_paused(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _paused(any_of(replicas.machines), "salesd")


def primary_cut_off(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _cut_off(cluster.node("leader").machine)


def primary_parted(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    # Clients still reach it, and it would answer them if it were free to.
    primary = cluster.node("leader").machine
    return _parted(primary, [n.machine for n in cluster.nodes if n.machine is not primary])


def standby_cut_off(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _cut_off(cluster.node("sync_standby").machine)


def salesd_cut_off(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _cut_off(any_of(replicas.machines))


def primary_disk_full(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _disk_full(cluster.node("leader"))


def standby_disk_full(cluster: Cluster, replicas: Replicas, any_of: AnyOf) -> Fault:
    return _disk_full(cluster.node("sync_standby"))


# One of each sort, for every day.
SHORT = [
    primary_killed,
    salesd_killed,
    primary_cut_off,
    primary_parted,
    salesd_cut_off,
    primary_disk_full,
    primary_paused,
    salesd_paused,
]
ALL = [
    *SHORT,
    postgres_killed,
    machine_killed,
    standby_killed,
    postgres_paused,
    patroni_paused,
    standby_paused,
    etcd_paused,
    standby_cut_off,
    standby_disk_full,
]
