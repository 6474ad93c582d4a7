#!/usr/bin/env python3
"""The laws of the tree that a machine can see.

tidy.py --list      names the laws
tidy.py [LAW...]    checks these, or all; prints every breach and fails if there is one
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator

import generate

sys.path.insert(0, str(generate.ROOT / "tests" / "scenarios"))
import table  # noqa: E402

ROOT = generate.ROOT
Law = Callable[[], Iterator[str]]
LAWS: dict[str, Law] = {}

CODE_LINES_MAX = 600
CODE_SUFFIXES = {
    ".cc",
    ".h",
    ".proto",
    ".py",
    ".sh",
    ".bzl",
    ".go",
    ".java",
    ".rs",
    ".ts",
    ".tsx",
    ".css",
}
# Projects that libsales is used from, not parts of it.
OUTSIDE = ("tests/install/",)
GENERATED_PATHS = re.compile(
    r"_pb2(_grpc)?\.pyi?$|/_service_config\.py$|/libsales/v1/__init__\.py$|/error\.proto$"
    r"|/client_methods\.(h|cc)$|/clients/cpp/src/(service_config|stubs)\.h$"
    r"|\.pb\.go$|/clients/go/service(s|_config)\.go$|/(SalesMethods|ServiceConfig)\.java$"
    r"|/clients/typescript/src/gen/|/clients/rust/(src/(v1|methods|policy)|tests/all/stubs/(calls|services))\.rs$"
    r"|/prometheus-rule\.yaml$"
)


def law(function: Law) -> Law:
    LAWS[function.__name__] = function
    return function


def tree() -> list[str]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return sorted(p for p in set(listed.split("\0")) if p and (ROOT / p).is_file())


def files(*folders: str, suffixes: Iterable[str] = (".cc", ".h")) -> Iterator[tuple[str, str]]:
    """Path and text of the files with these suffixes under these folders."""
    for path in tree():
        if path.startswith(folders) and path.endswith(tuple(suffixes)):
            yield path, generate.read(path)


def lines(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Place and match of every line of code that the pattern is found in; comments are not code."""
    for number, line in enumerate(text.splitlines(), 1):
        match = pattern.search(line.split("//")[0] if path.endswith((".cc", ".h")) else line)
        if match:
            yield f"{path}:{number}", match


INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def includes(path: str, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield f"{path}:{number}", match[1]


@law
def libsales_knows_no_network() -> Iterator[str]:
    """Law 1: the library is a domain; protobuf, gRPC, metrics and loggers are its users' matter."""
    foreign = re.compile(r"^(grpc|google/|prometheus|spdlog|opentelemetry|absl/log/)|\.pb\.h$")
    for path, text in files("libsales/"):
        for place, header in includes(path, text):
            if foreign.search(header):
                yield f"{place}: includes {header}"


@law
def public_headers_need_little() -> Iterator[str]:
    """Law 1: whoever includes libsales gets std and Abseil's status and time, and nothing else."""
    allowed = re.compile(r"^[a-z_]+$|^absl/(status|time)/\w+\.h$|^sales/\w+\.(h|inc)$")
    for path, text in files("libsales/include/"):
        for place, header in includes(path, text):
            if not allowed.match(header):
                yield f"{place}: includes {header}"
        for place, _ in lines(
            path, text, re.compile(r"absl::(string_view|optional|variant|Span)\b")
        ):
            yield f"{place}: a type that differs from one Abseil to the next"


@law
def public_headers_compile_alone() -> Iterator[str]:
    """Law 9: in C++17 and C++20, without a warning."""
    compiler = os.environ.get("CXX", "g++")

    def compile_alone(job: tuple[str, str]) -> str:
        header, standard = job
        result = subprocess.run(
            [compiler, f"-std={standard}", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
             "-Ilibsales/include", "-x", "c++", "-"],
            cwd=ROOT, input=f'#include "{header}"\n', capture_output=True, text=True,
        )  # fmt: skip
        return f"{header} in {standard}:\n{result.stderr}" if result.returncode else ""

    headers = [
        p.removeprefix("libsales/include/") for p, _ in files("libsales/include/", suffixes=[".h"])
    ]
    jobs = [(header, standard) for header in headers for standard in ("c++17", "c++20")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from filter(None, pool.map(compile_alone, jobs))


@law
def sales_h_is_everything() -> Iterator[str]:
    """Law 9: the header for all of libsales forgets none, and forward.h sends nobody to a wrong one."""
    folder = "libsales/include/sales/"
    headers = {path.removeprefix(folder): text for path, text in files(folder, suffixes=[".h"])}
    seen = {header.removeprefix("sales/") for _, header in includes("", headers["sales.h"])}
    for header in sorted(headers.keys() - seen - {"sales.h"}):
        yield f"{folder}sales.h: does not include sales/{header}"
    header = ""
    for line in headers["forward.h"].splitlines():
        if match := re.match(r"// sales/(\w+\.h)$", line):
            header = match[1]
        elif (match := re.match(r"struct \w+", line)) and (
            f"{match[0]} {{" not in headers.get(header, "")
        ):
            yield f"{folder}forward.h: {match[0]} is not in {header}"


@law
def decide_is_pure() -> Iterator[str]:
    """Law 2: same input, same output; so no clock, store, random number, thread or file."""
    headers = re.compile(
        r"^(chrono|ctime|random|fstream|iostream|thread|mutex|atomic|condition_variable|filesystem)$"
        r"|^absl/(random|synchronization)/|^absl/time/clock\.h$|^sales/(clock|engine)\.h$|^sqlite3\.h$"
        r"|^src/(engine|store|sql)/"
    )
    calls = re.compile(
        r"\babsl::Now\(|\bstd::getenv|\bgetenv\(|\brand\(|\bstd::time\(|\bgettimeofday\(|\bstd::f?printf\(|\bfopen\("
    )
    for path, text in files("libsales/src/decide/"):
        for place, header in includes(path, text):
            if headers.search(header):
                yield f"{place}: includes {header}"
        for place, match in lines(path, text, calls):
            yield f"{place}: calls {match[0]}"


@law
def rooms_look_down() -> Iterator[str]:
    """engine -> store -> sql, and all of them may ask decide; nobody looks up."""
    above = {"decide": ("engine", "store", "sql"), "sql": ("engine", "store"), "store": ("engine",)}
    for room, forbidden in above.items():
        for path, text in files(f"libsales/src/{room}/"):
            for place, header in includes(path, text):
                if header.startswith(tuple(f"src/{other}/" for other in forbidden)):
                    yield f"{place}: {room} includes {header}"


@law
def libsales_owns_nothing() -> Iterator[str]:
    """No threads, signals, environment or output of its own: it is a guest in its process."""
    owned = re.compile(
        r"\bstd::(thread|async|getenv|cout|cerr|signal)\b|\bpthread_create\b|\bsigaction\b|\bgetenv\("
    )
    for path, text in files("libsales/"):
        for place, match in lines(path, text, owned):
            yield f"{place}: {match[0]}"


@law
def service_stays_outside_libsales() -> Iterator[str]:
    """Law 3: the service and the clients use what everybody may use."""
    for path, text in files("service/", "clients/"):
        for place, header in includes(path, text):
            if header.startswith(("libsales/", "src/")):
                yield f"{place}: includes {header}"


@law
def only_convert_knows_both_worlds() -> Iterator[str]:
    """Law 3: messages become values of the domain in service/src/convert/ and status, nowhere else.

    A handler takes messages and asks the engine; what the values are made of it need not know.
    """
    doors = {"sales/engine.h", "sales/limits.h", "sales/error.h", "sales/call.h"}
    for path, text in files("service/"):
        if path.startswith(("service/src/convert/", "service/src/status.")):
            continue
        seen = [header for _, header in includes(path, text)]
        proto = [h for h in seen if h.endswith(".pb.h") and not h.endswith(".grpc.pb.h")]
        domain = [h for h in seen if re.match(r"sales/\w+\.h$", h) and h not in doors]
        if proto and domain:
            yield f"{path}: includes {proto[0]} and {domain[0]}"


@law
def sql_is_in_its_rooms() -> Iterator[str]:
    """Law 4: statements stand in src/store/ and src/sql/."""
    statement = re.compile(
        r'"\s*(SELECT\s|INSERT\s+(OR \w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)|PRAGMA\s|SAVEPOINT\s|BEGIN IMMEDIATE)'
    )
    for path, text in files("libsales/", "service/", "clients/"):
        if not path.startswith(("libsales/src/store/", "libsales/src/sql/")):
            for place, match in lines(path, text, statement):
                yield f"{place}: {match[0]}"


# Where floating point is right: shares, means and quantiles of reports, the buckets they are from, and
# how likely two contacts are one.
STATISTICS = re.compile(
    r"libsales/(include/sales/(report|duplicate|attribution|forecast|load|plan|score)\.h"
    r"|src/\w+/(report|statistics|tally|duplicates|advice|attribution|erlang|markov_chain"
    r"|plan_snapshot|score|staffing)\w*\.(h|cc))$"
)


@law
def floats_are_for_statistics() -> Iterator[str]:
    """Law 5: never for money, time or identity."""
    for path, text in files("libsales/"):
        if not STATISTICS.search(path):
            # The JSON parser's interface passes a number that is not looked at: its text is.
            floats = re.compile(r"\b(double|float)\b(?!, const std::string& text)")
            for place, match in lines(path, text, floats):
                yield f"{place}: {match[0]}"


@law
def bounds_are_in_one_header() -> Iterator[str]:
    """Law 7: what bounds something says so by its name and stands in limits.h."""
    constant = re.compile(r"^inline constexpr \w+ (\w+)")
    for path, text in files("libsales/include/sales/limits.h", "service/src/limits.h"):
        for place, match in lines(path, text, constant):
            if not match[1].endswith(("_max", "_min", "_default")):
                yield f"{place}: {match[1]} ends neither in _max nor in _min nor in _default"
    # Of what waits or is collected; the length of a DNS label is a fact, not a choice of ours.
    elsewhere = re.compile(
        r"\bconstexpr\b[^;(]*?\b(\w*(?i:queue|page|batch|retr|attempt|wait|reader|stream|pool|watch|import|pending|deadline)\w*(_max|Max))\b\s*="
    )
    for path, text in files("libsales/", "service/"):
        if not path.endswith("/limits.h"):
            for place, match in lines(path, text, elsewhere):
                yield f"{place}: {match[1]} belongs into limits.h"


@law
def generated_files_say_so() -> Iterator[str]:
    """Law 8: in the first line, so that nobody edits them."""
    for path in tree():
        if (
            GENERATED_PATHS.search("/" + path)
            and "enerated" not in generate.read(path).split("\n")[0]
        ):
            yield f"{path}: the first line does not say that it is generated"


@law
def generated_files_are_fresh() -> Iterator[str]:
    """Law 8: what ./dev stubs would write is what is there."""
    for path, make in generate.generated().items():
        if make(generate.read(path)) != generate.read(path):
            yield f"{path}: out of date; run ./dev stubs"


# add_library(name …) and add_executable(name …), and sales_…_test(topic), which builds topic_test.cc.
TARGET = re.compile(
    r"^\s*add_(?:library|executable)\(\s*(\w+)\b(?!.*\b(?:ALIAS|INTERFACE)\b)", re.M
)
TEST = re.compile(r"^\s*sales_\w*test\(\s*(\w+)", re.M)


def cmake_rooms() -> Iterator[tuple[str, str]]:
    """Folder and text of every CMakeLists.txt that names sources."""
    for path, text in files(
        "libsales/", "service/", "clients/", "tests/", suffixes=["CMakeLists.txt"]
    ):
        if not path.startswith(OUTSIDE) and (TARGET.search(text) or TEST.search(text)):
            yield path.removesuffix("/CMakeLists.txt"), text


@law
def cmake_lists_what_is_there() -> Iterator[str]:
    """Law 9: no file is forgotten by the build, none is named that is gone."""
    rooms = dict(cmake_rooms())
    for folder, text in rooms.items():
        code = re.sub(r"#.*", "", text)
        names = re.findall(r"(?<![}\w./-])[\w./-]+\.cc(?![\w.])", code) + [
            f"{topic.removesuffix('_test')}_test.cc" for topic in TEST.findall(code)
        ]
        named = {os.path.normpath(f"{folder}/{name}") for name in names}
        deeper = tuple(f"{other}/" for other in rooms if other.startswith(folder + "/"))
        there = {
            path for path, _ in files(folder + "/", suffixes=[".cc"])
            if not path.startswith((*deeper, *OUTSIDE))
        }  # fmt: skip
        for path in sorted(there - named):
            yield f"{folder}/CMakeLists.txt: does not name {path}"
        for path in sorted(named - set(tree())):
            yield f"{folder}/CMakeLists.txt: names {path}, which is not there"


@law
def bazel_builds_the_same() -> Iterator[str]:
    """Law 9: every C++ target of CMake is one of Bazel, by the same name; sources are globs."""
    for folder, text in cmake_rooms():
        build = f"{folder}/BUILD.bazel"
        if build not in tree():
            yield f"{build}: is missing"
            continue
        bazel = generate.read(build)
        targets = set(re.findall(r'name = "(\w+)"', bazel))
        if 'glob(["*_test.cc"]' in bazel:
            targets |= {path.stem for path in (ROOT / folder).glob("*_test.cc")}
        tests = {f"{topic.removesuffix('_test')}_test" for topic in TEST.findall(text)}
        for target in [*TARGET.findall(text), *sorted(tests)]:
            if target not in targets:
                yield f"{build}: has no target {target}"


@law
def versions_agree() -> Iterator[str]:
    """One number: CMakeLists.txt has it, and whoever builds without CMake repeats it."""
    version = re.search(r"project\(libsales VERSION (\S+)", generate.read("CMakeLists.txt"))[1]
    for path, pattern in {
        "bazel/cpp.bzl": r'^SALES_VERSION = "(.*)"$',
        "service/deploy/Containerfile": r"^ARG VERSION=(.*)$",
        "service/deploy/overlays/development/kustomization.yaml": r"^    newTag: (.*)$",
        "service/deploy/overlays/production/kustomization.yaml": r"^    newTag: (.*)$",
        "clients/python/pyproject.toml": r'^version = "(.*)"$',
        "clients/python/src/libsales/version.py": r'^__version__ = "(.*)"$',
        "clients/typescript/package.json": r'^  "version": "(.*)",$',
        "clients/typescript/src/version.ts": r'^export const VERSION = "(.*)";$',
        "clients/go/version.go": r'^const Version = "(.*)"$',
        "clients/rust/Cargo.toml": r'^version = "(.*)"$',
        "clients/java/pom.xml": r"^  <version>(.*)</version>$",
        f"{generate.JAVA}/SalesClient.java": r'^  static final String VERSION = "(.*)";$',
    }.items():
        if re.findall(pattern, generate.read(path), re.M) != [version]:
            yield f"{path}: does not say that the version is {version}"


@law
def generators_agree() -> Iterator[str]:
    """One place names the generators of stubs; Maven asks for its own again."""
    pins = dict(re.findall(r"^(\w+)=(.*)$", generate.read("clients/generators.env"), re.M))
    pom = generate.read("clients/java/pom.xml")
    for name, key in {"PROTOC_JAVA": "protoc.version", "GRPC_JAVA": "grpc.version"}.items():
        if f"<{key}>{pins[name]}</{key}>" not in pom:
            yield f"clients/java/pom.xml: {key} is not {pins[name]}"


@law
def the_image_is_built_with_what_dev_installs() -> Iterator[str]:
    """The packages of the Containerfile are those of ./dev, but for what only tests need."""
    for_tests = {
        "build-essential",
        "python3",
        "sqlite3",
        "libgtest-dev",
        "libgmock-dev",
        "libbenchmark-dev",
    }
    here = set(re.search(r"packages_build=\((.*?)\)", generate.read("dev"), re.S)[1].split())
    recipe = generate.read("service/deploy/Containerfile")
    stage = re.search(r"AS compiled\n.*?--no-install-recommends (.*?)\n[A-Z]", recipe, re.S)[1]
    there = set(stage.replace("\\", " ").split())
    for package in sorted(here - for_tests ^ there):
        yield f"service/deploy/Containerfile: {package} is installed by {'./dev' if package in here else 'it'} alone"


@law
def every_scenario_passes_in_every_language() -> Iterator[str]:
    """The table of clients/README.md has a row for each scenario, and no gap."""
    rows = dict(table.ROW.findall(generate.read("clients/README.md")))
    for name in sorted({*rows, *table.scenarios()}):
        cells = rows.get(name, "").split(" | ")
        if name not in table.scenarios() or cells != ["✓"] * len(table.LANGUAGES):
            yield f"clients/README.md: {name}: {' '.join(cells) or 'no row'}; run tests/scenarios/table.py"


@law
def files_are_short() -> Iterator[str]:
    """A file that outgrows this is two rooms."""
    for path, text in files("", suffixes=CODE_SUFFIXES):
        if not GENERATED_PATHS.search("/" + path) and text.count("\n") > CODE_LINES_MAX:
            yield f"{path}: {text.count(chr(10))} lines"


@law
def text_is_clean() -> Iterator[str]:
    """UTF-8, Unix line ends, a newline at the end, no space before it."""
    for path in tree():
        raw = (ROOT / path).read_bytes()
        if path.startswith("tests/") and "/data/" in path:
            continue
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            yield f"{path}: is not UTF-8"
            continue
        if b"\r" in raw:
            yield f"{path}: has carriage returns"
        if text and not text.endswith("\n"):
            yield f"{path}: has no newline at its end"
        if not GENERATED_PATHS.search("/" + path):
            for number, line in enumerate(text.split("\n"), 1):
                if line != line.rstrip(" \t"):
                    yield f"{path}:{number}: ends in a space"


@law
def the_project_speaks_of_itself_alone() -> Iterator[str]:
    """No path of one machine, no host of one network, no number of one tracker."""
    # In pieces, so that this file is not found by them.
    words = re.compile(
        "|".join(
            [
                r"/wo" r"rk/",
                r"/ro" r"ot/",
                r"/ho" r"me/\w",
                r"/fa" r"rm/",
                r"bash" r"_jobs",
                r"(?i:\biss" r"ue #?\d)",
            ]
        )
    )
    for path in tree():
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.split("\n"), 1):
            match = words.search(line)
            if match:
                yield f"{path}:{number}: {match[0]}"
        # Cargo calls crates.io so on every machine.
        text = text.replace("registry+https://github.com/rust-lang/crates.io-index", "")
        if path.endswith(("package-lock.json", ".lock")) and re.search(r"https?://", text):
            yield f"{path}: names a host"


@law
def links_lead_somewhere() -> Iterator[str]:
    """Every relative link of a page names a file."""
    for path, text in files("", suffixes=[".md"]):
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target and not (ROOT / path).parent.joinpath(target).exists():
                yield f"{path}: {target} is not there"


@law
def retries_name_calls_that_exist() -> Iterator[str]:
    """proto/sales/v1/service_config.json names services and methods of the contract."""
    calls: dict[str, set[str]] = {}
    for _, text in files("proto/sales/", suffixes=[".proto"]):
        for service, body in re.findall(r"^service (\w+) \{(.*?)^\}", text, re.S | re.M):
            calls[f"sales.v1.{service}"] = set(re.findall(r"^  rpc (\w+)\(", body, re.M))
    config = json.loads(generate.read("proto/sales/v1/service_config.json"))
    for method in config["methodConfig"]:
        for name in method["name"]:
            if name and name.get("method") not in calls.get(name["service"], set()):
                yield f"{name} is not in the contract"


def main(arguments: list[str]) -> int:
    if arguments == ["--list"]:
        print("\n".join(LAWS))
        return 0
    unknown = [name for name in arguments if name not in LAWS]
    if unknown:
        print(f"no law {unknown}", file=sys.stderr)
        return 2
    broken = 0
    for name in arguments or LAWS:
        for breach in LAWS[name]():
            print(f"{name}: {breach}")
            broken += 1
    return 1 if broken else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    assert pathlib.Path("dev").is_file()
    sys.exit(main(sys.argv[1:]))
