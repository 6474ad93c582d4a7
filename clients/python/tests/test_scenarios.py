"""The scenarios that every door passes, through this client."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import salesd
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

import libsales
from libsales import v1

SCENARIOS = sorted((salesd.REPOSITORY / "tests" / "scenarios").glob("*.json"))
METHODS: dict[str, MethodDescriptor] = {
    f"{service.name}.{method.name}": method
    for module in vars(v1).values()
    if isinstance(module, ModuleType) and hasattr(module, "DESCRIPTOR")
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


def filled(value: Any, saved: dict[str, str]) -> Any:
    """Put what was saved in the place of each ${name}."""
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: saved[match[1]], value)
    if isinstance(value, list):
        return [filled(item, saved) for item in value]
    if isinstance(value, dict):
        return {filled(key, saved): filled(item, saved) for key, item in value.items()}
    return value


def found(value: Any, path: str) -> Any:
    """Give what is at "lead.visits.0.stage"."""
    for key in path.replace("[", ".").replace("]", "").split("."):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Say where `actual` has not what `expected` lists; it may have more fields."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            line
            for key, value in expected.items()
            for line in differences(value, actual.get(key), f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [
            line
            for number, pair in enumerate(zip(expected, actual))
            for line in differences(*pair, f"{path}[{number}]")
        ]
    if isinstance(expected, float) and isinstance(actual, (int, float)):
        return [] if math.isclose(expected, actual, rel_tol=1e-9) else [f"{path}: {actual}"]
    return [] if expected == actual else [f"{path}: expected {expected!r}, got {actual!r}"]


def call(client: libsales.Client, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Make a call; gives the answer as JSON with every field."""
    if name == "LeadService.ImportLeads":
        rows = [json_format.ParseDict(row, v1.ImportLeadsRequest()) for row in fields["requests"]]
        return {"responses": [as_json(result) for result in client.import_leads(rows)]}
    method = METHODS[name]
    request = message_factory.GetMessageClass(method.input_type)()
    return as_json(
        client.call(
            f"/{method.containing_service.full_name}/{method.name}",
            json_format.ParseDict(fields, request),
            message_factory.GetMessageClass(method.output_type),
        )
    )


def as_json(message: Message) -> dict[str, Any]:
    return json_format.MessageToDict(message, always_print_fields_with_no_presence=True)


def play(client: libsales.Client, step: dict[str, Any], saved: dict[str, str]) -> None:
    """Make the call of one step, and compare."""
    error = filled(step.get("error"), saved)
    try:
        caller = client.at(actor=step["actor"]) if "actor" in step else client
        answer = call(caller, step["call"], filled(step.get("request", {}), saved))
    except libsales.Error as refused:
        assert error is not None, refused
        assert (refused.code.name, refused.reason) == (error["code"], error["reason"])
        if "missing" in error:
            assert sorted(m.condition for m in refused.missing) == sorted(error["missing"])
        if "fields" in error:
            assert sorted(f.field for f in refused.fields) == sorted(error["fields"])
        assert not differences(error.get("metadata", {}), refused.metadata)
        return
    assert error is None, f"expected {error}, got {answer}"
    wrong = differences(filled(step.get("expect", {}), saved), answer)
    assert not wrong, "; ".join(wrong)
    for name, path in step.get("save", {}).items():
        saved[name] = found(answer, path)


def test_there_are_scenarios() -> None:
    assert SCENARIOS


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, str]]:
    """Tell which scenarios passed, for the table in clients/README.md."""
    found: dict[str, str] = {}
    yield found
    file = salesd.REPOSITORY / "build" / "scenarios" / "python.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{result} {name}\n" for name, result in sorted(found.items())))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, server: salesd.Salesd, results: dict[str, str]) -> None:
    results[path.stem] = "failed"
    saved = {"unique": salesd.unique("s")}
    with server.connect(actor="") as client:
        for number, step in enumerate(json.loads(path.read_text())["steps"]):
            try:
                play(client, step, saved)
            except (AssertionError, KeyError, IndexError) as error:
                raise AssertionError(f"step {number}, {step['call']}: {error}") from error
    results[path.stem] = "passed"
