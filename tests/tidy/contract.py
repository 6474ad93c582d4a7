"""The methods of the contract, as the clients that are generated from it see them."""

import dataclasses
import pathlib
import re
from collections.abc import Iterator

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto" / "sales" / "v1"

# A watch goes on over the death of the server; streams of requests are each a case of its own.
BY_HAND = ("WatchEvents",)

_SERVICE = re.compile(r"^service (\w+) \{\n(.*?)^\}", re.S | re.M)
_RPC = re.compile(
    r"((?:^  //.*\n)*)^  rpc (\w+)\((stream )?([\w.]+)\) returns \((stream )?([\w.]+)\);", re.M
)
_MESSAGE = re.compile(r"^message (\w+) \{(?:\}|\n(.*?)^\})", re.S | re.M)
_REPEATED = re.compile(r"^  repeated (\w+) (\w+) = \d+;", re.M)


@dataclasses.dataclass(frozen=True)
class Method:
    """A method that is one call, one call a page, or one request with many answers."""

    service: str
    name: str
    request: str
    # `google.protobuf.Empty` where there is nothing to say.
    response: str
    # In the contract's words; a sentence for those that it leaves to their name.
    comment: str
    # Of a list: the type of its items and the field of the response that has them.
    item: str = ""
    items: str = ""
    # Whether its answers are a stream.
    streams: bool = False


def _comment(lines: str, service: str, name: str) -> str:
    text = " ".join(line.strip().removeprefix("//").strip() for line in lines.splitlines())
    return text or f"Calls {service}.{name}."


def methods() -> Iterator[Method]:
    """Every method but those that each client has by hand."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted(PROTO.glob("*.proto")))
    messages = dict(_MESSAGE.findall(text))
    for service, body in _SERVICE.findall(text):
        assert body.count("  rpc ") == len(_RPC.findall(body)), service
        for lines, name, asks, request, answers, response in _RPC.findall(body):
            if asks or name in BY_HAND:
                continue
            paged = "next_page_token" in messages.get(response, "")
            item, items = _REPEATED.search(messages[response]).groups() if paged else ("", "")
            comment = _comment(lines, service, name)
            yield Method(service, name, request, response, comment, item, items, bool(answers))


def grpc_headers() -> Iterator[str]:
    """The headers of C++ that declare the services."""
    for path in PROTO.glob("*.proto"):
        if _SERVICE.search(path.read_text(encoding="utf-8")):
            yield f"sales/v1/{path.stem}.grpc.pb.h"
