#!/usr/bin/env bash
# Writes what is generated of this crate: src/v1.rs, src/methods.rs, src/policy.rs, tests/all/stubs/.
# Usage: generate.sh [directory to write into, instead of this one]
#
# The generators are pinned by Cargo.lock; no protoc is needed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath "${1:-$here}")
cd "$here"
cargo run -q --locked -p libsales-generator -- ../../proto "$out"
