"""What a call costs through the client, and through the bare stub: alternating, in one process.

Usage: overhead.py HOST:PORT
"""

import statistics
import sys
import time
from typing import Callable

import grpc

import libsales
from libsales import v1
from libsales.v1.workspace_pb2_grpc import WorkspaceServiceStub

# Short rounds: what else the machine does meets both.
ROUNDS = 600
CALLS = 10


def micros(call: Callable[[], object]) -> float:
    """Give the time of one call, of many."""
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS * 1e6


def main() -> None:
    target = sys.argv[1]
    connection = libsales.connect(target, workspace="bench-python")
    with connection as sales, grpc.insecure_channel(target) as channel:
        sales.create_workspace(workspace_id="bench-python")
        name = sales.workspace
        stub = WorkspaceServiceStub(channel)

        def bare() -> object:
            return stub.GetWorkspace(v1.GetWorkspaceRequest(name=name), timeout=10)

        def wrapped() -> object:
            return sales.get_workspace(name=name)

        for _ in range(ROUNDS // 10):
            micros(bare)
            micros(wrapped)
        rounds = [(micros(bare), micros(wrapped)) for _ in range(ROUNDS)]
    stub_median = statistics.median(first for first, _ in rounds)
    client_median = statistics.median(second for _, second in rounds)
    ratio = client_median / stub_median
    print(f"python: stub {stub_median:.1f} us, client {client_median:.1f} us, ratio {ratio:.3f}")


if __name__ == "__main__":
    main()
