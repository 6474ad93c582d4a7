#!/usr/bin/env python3
"""Looks at every statement that a server for tests was asked to run: each keeps to one workspace.

    postgres_statements.py FILE   FILE says how libpq reaches the server, as postgres_server.py wrote

The server counts statements (pg_stat_statements). Each is planned once more, for any parameters, and
its plan is read: whatever row of a workspace it touches was chosen by a comparison of `workspace` with
one and the same parameter, be it by way of joins. What is said of a statement thus holds after the
planner has resolved its views and subqueries. Those few that are about many workspaces are named in
ACROSS, with the reason.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

# What FreshStore copies has every table, and no rows.
DATABASE = "sales_template"

# What may look beyond one workspace, by how the statement reads; and why.
ACROSS = {
    r"INSERT INTO leases .*": "the work that one process does for the whole store",
    r"SELECT .* FROM workspaces WHERE workspace > \$1 ORDER BY workspace LIMIT \$2": (
        "the list of workspaces, for who may see them all and for the sweep"
    ),
    r"SELECT COUNT\(\*\) FROM (unfinished_)?workspaces": "how many there are, for the figures",
    r"INSERT INTO referrers \(workspace, year, referrer, leads\)\s+SELECT workspace, .*": (
        "a migration fills a new table for every workspace"
    ),
    r"SELECT .* FROM tokens WHERE hash = \$1": "whose a token is, is not known before it is found",
    r"SELECT workspace FROM workspaces WHERE tallies_layout <> \$1 LIMIT .*": (
        "whose tallies are of an earlier version, then each is rebuilt by itself"
    ),
    r"SELECT workspace FROM unfinished_workspaces WHERE .*": (
        "the sweep asks which workspaces are to be removed, then removes each by itself"
    ),
}

# Every one of these breaks the rule, and is run through the same check: it can find something.
FORGED = {
    "SELECT lead FROM leads WHERE lead = $1": "leads is read without a workspace",
    "SELECT lead FROM leads WHERE workspace > $1": "leads is read without a workspace",
    "SELECT lead FROM leads WHERE workspace = $1 OR seller = $2": "leads is read without a workspace",
    "SELECT l.lead FROM leads l JOIN contacts c ON c.contact = l.contact WHERE l.workspace = $1": (
        "c is read without a workspace"
    ),
    "SELECT lead FROM leads WHERE workspace = $1 AND contact IN (SELECT contact FROM contacts)": (
        "contacts is read without a workspace"
    ),
    "SELECT lead FROM leads WHERE workspace = $1 UNION SELECT lead FROM leads WHERE workspace = $2": (
        "two workspaces"
    ),
    "SELECT project FROM shown_projects": "projects is read without a workspace",
    "UPDATE leads SET seller = $2 WHERE lead = $1": "leads is read without a workspace",
    "DELETE FROM leads": "leads is read without a workspace",
    "DELETE FROM leads USING contacts WHERE leads.workspace = $1": (
        "contacts is read without a workspace"
    ),
    "INSERT INTO plan_snapshots (workspace, plan, day, revision, progress) "
    "SELECT 'other', plan, day, revision, progress FROM plan_snapshots WHERE workspace = $1": (
        "writes to plan_snapshots under another workspace"
    ),
    "UPDATE channels SET workspace = $2 WHERE workspace = $1": "moves a row to another workspace",
}


class Server:
    def __init__(self, file: pathlib.Path) -> None:
        self._reach = file.read_text().strip()

    def ask(self, script: str, database: str) -> str:
        """Run a script; gives what it and its errors print."""
        done = subprocess.run(
            ["psql", "-XqAt", f"{self._reach} dbname={database}"],
            input=script,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            # What this asks is none of what is looked at.
            env=os.environ | {"PGOPTIONS": "-c pg_stat_statements.track=none"},
        )
        return done.stdout

    def read(self, query: str, database: str = "postgres") -> Any:
        """Give the rows of a query, each as a list."""
        rows = self.ask(f"SELECT json_agg(to_json(r)) FROM ({query}) r;", database)
        return json.loads(rows.strip() or "null") or []

    def statements(self) -> list[str]:
        """Give each statement that was run, as the server has it: constants are parameters too."""
        self.ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements;", "postgres")
        (forgotten,) = self.read("SELECT dealloc FROM pg_stat_statements_info")
        if forgotten["dealloc"]:
            sys.exit("the server has forgotten statements; let it keep more of them")
        found = self.read("SELECT DISTINCT query FROM pg_stat_statements ORDER BY query")
        return [row["query"] for row in found]

    def tables(self) -> dict[str, int]:
        """Give the tables that have a workspace, and at which place among their columns."""
        found = self.read(
            "SELECT table_name, ordinal_position FROM information_schema.columns "
            "JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_schema = current_schema() AND column_name = 'workspace' "
            "AND table_type = 'BASE TABLE'",
            DATABASE,
        )
        return {row["table_name"]: row["ordinal_position"] - 1 for row in found}

    def plans(self, statements: list[str]) -> dict[str, dict | str]:
        """Give of each statement its plan, or what the server says against it.

        The type of a parameter follows from where it stands, but for those that are compared with
        a constant, which is a parameter now itself: then all but the first, the workspace, are
        numbers.
        """
        plans = self._plans(statements, "unknown", "unknown")
        again = [statement for statement, plan in plans.items() if isinstance(plan, str)]
        return plans | self._plans(again, "text", "bigint")

    def _plans(self, statements: list[str], first: str, rest: str) -> dict[str, dict | str]:
        script = ["SET plan_cache_mode = force_generic_plan;"]
        for number, statement in enumerate(statements):
            count = max((int(n) for n in re.findall(r"\$(\d+)", statement)), default=0)
            values = f"({', '.join(['NULL'] * count)})" if count else ""
            types = f"({', '.join([first] + [rest] * (count - 1))})" if count else ""
            script += [
                f"\\echo == {number}",
                f"PREPARE s{number} {types} AS {statement};",
                f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) EXECUTE s{number}{values};",
            ]
        said = re.split(r"^== \d+\n", self.ask("\n".join(script), DATABASE), flags=re.MULTILINE)
        return {
            statement: json.loads(answer)[0]["Plan"] if answer[0] == "[" else answer
            for statement, answer in zip(statements, said[1:], strict=True)
        }


def split(condition: str) -> list[str]:
    """Give the parts of a condition that all have to hold, without the brackets around them."""
    condition = condition.strip()
    while condition.startswith("(") and closes(condition) == len(condition) - 1:
        condition = condition[1:-1].strip()
    parts, depth, begin, quoted = [], 0, 0, False
    for place, letter in enumerate(condition):
        if letter == "'":
            quoted = not quoted
        if quoted:
            continue
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and condition.startswith(" AND ", place):
            parts.append(condition[begin:place])
            begin = place + len(" AND ")
    parts.append(condition[begin:])
    return parts if len(parts) == 1 else [piece for part in parts for piece in split(part)]


def closes(text: str) -> int:
    """Give the place of the bracket that closes the first one."""
    depth, quoted = 0, False
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        if not quoted:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                return place
    return -1


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


CONDITIONS = ("Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond")
END = r"(?:(\w+)\.workspace|\(?(\$\d+)(?:\)::text)?)"
EQUAL = re.compile(rf"\(?{END} = {END}\)?")


class Sameness:
    """Which rows and parameters have the same workspace."""

    def __init__(self) -> None:
        self._over: dict[str, str] = {}

    def of(self, name: str) -> str:
        while name in self._over:
            name = self._over[name]
        return name

    def join(self, one: str, other: str) -> None:
        if self.of(one) != self.of(other):
            self._over[self.of(one)] = self.of(other)


def faults_of(plan: dict, tables: dict[str, int]) -> list[str]:
    """Give what in a plan goes beyond one workspace."""
    same = Sameness()
    touched: dict[str, str] = {}
    parameters = set()
    faults = []
    for node in nodes(plan):
        for kind in CONDITIONS:
            for part in split(node.get(kind, "")):
                if equal := EQUAL.fullmatch(part):
                    ends = [end for end in equal.groups() if end]
                    same.join(*ends)
                    parameters |= {end for end in ends if end.startswith("$")}
        table = node.get("Relation Name")
        if table not in tables:
            continue
        if node["Node Type"] != "ModifyTable":
            touched[node["Alias"]] = table
        elif node["Operation"] == "Insert":
            written = node["Plans"][0]["Output"][tables[table]]
            if given := re.fullmatch(r"\(?(\$\d+)(?:\)::text)?", written):
                parameters.add(given[1])
            elif written.removesuffix(".workspace") not in touched | aliases(node):
                faults.append(f"writes to {table} under another workspace: {written}")
    homes = {same.of(parameter) for parameter in parameters}
    if len(homes) > 1:
        faults.append(f"two workspaces: {', '.join(sorted(parameters))}")
    faults += [
        f"{alias} is read without a workspace" for alias in touched if same.of(alias) not in homes
    ]
    return faults


def aliases(plan: dict) -> dict[str, str]:
    return {node["Alias"]: node.get("Relation Name", "") for node in nodes(plan) if "Alias" in node}


def check(server: Server, statements: list[str], tables: dict[str, int]) -> dict[str, list[str]]:
    """Give the statements that break the rule, each with how."""
    # What moves a row is told by the text: a plan does not name the columns that it sets.
    wrong = {}
    for statement, plan in server.plans(statements).items():
        faults = [plan] if isinstance(plan, str) else faults_of(plan, tables)
        if re.search(r"\bSET\b(?:(?!\bWHERE\b).)*\bworkspace = ", statement, re.DOTALL):
            faults.append("moves a row to another workspace")
        if faults:
            wrong[statement] = faults
    return wrong


def main(file: str) -> None:
    server = Server(pathlib.Path(file))
    tables = server.tables()
    told = check(server, list(FORGED), tables)
    for statement, fault in FORGED.items():
        if not any(found.startswith(fault) for found in told.get(statement, [])):
            sys.exit(f"{statement}\nbreaks the rule, and only this is said: {told.get(statement)}")
    words = re.compile(rf"\b({'|'.join(tables)}|shown_\w+)\b")
    ours = [s for s in server.statements() if words.search(s)]
    if not ours:
        sys.exit("nothing was asked of the server")
    each = [s for s in ours if not any(re.fullmatch(text, s, re.DOTALL) for text in ACROSS)]
    wrong = check(server, each, tables)
    print(
        f"{len(ours)} statements touch what is a workspace's, {len(ours) - len(each)} of them look "
        f"across workspaces for a reason, {len(wrong)} for none"
    )
    for statement, faults in wrong.items():
        print(statement, *faults, sep="\n    ")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
