#!/usr/bin/env bash
# Builds a README's example in a project outside this tree, as a user does, and runs it.
# Usage: install_test.sh cmake|pkg_config|bazel|client_cmake|client_pkg_config SOURCE_FOLDER BUILD_FOLDER
set -euo pipefail
way=$1 source=$(realpath "$2") build=$(realpath "$3")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$source/tests/install/$way" "$scratch/project"
cp "$source/tests/install/example.cc" "$source/clients/cpp/examples/quickstart.cc" "$scratch/project/"
cd "$scratch/project"

# install_component NAME. Moved after installing: an installed tree holds no path of where it was
# made or put first.
install_component() {
  cmake --install "$build" --component "$1" --prefix "$scratch/first" >/dev/null
  mv "$scratch/first" "$scratch/prefix"
}

build_with_cmake() {
  cmake -S . -B out -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
  cmake --build out
}

build_with_pkg_config() {
  local found
  found=$(dirname "$(find "$scratch/prefix" -name '*.pc')")
  PKG_CONFIG_PATH=$found make
}

# Starts salesd on a store of its own; sets `target` and `server`.
start_salesd() {
  local salesd=$build/service/salesd log=$scratch/salesd.log port=
  "$salesd" migrate --store="sqlite:$scratch/sales.db" 2>/dev/null
  "$salesd" serve --store="sqlite:$scratch/sales.db" --listen=127.0.0.1:0 --admin-listen=127.0.0.1:0 \
    --lame-duck-seconds=0 2>"$log" &
  server=$!
  trap 'kill "$server"; wait "$server" || true; rm -rf "$scratch"' EXIT
  for _ in $(seq 300); do
    port=$(sed -n 's/.*"message":"serving".*"port":\([0-9]*\).*/\1/p' "$log")
    [[ -z $port ]] || break
    sleep 0.1
  done
  target=127.0.0.1:$port
}

case $way in
  cmake)
    install_component libsales
    build_with_cmake
    answer=$(out/example)
    ;;
  pkg_config)
    install_component libsales
    build_with_pkg_config
    answer=$(./example)
    ;;
  bazel)
    sed -i "s|@SALES_ROOT@|$source|" WORKSPACE
    # Beside the build and not in the scratch folder: a second run finds libsales compiled.
    output=(--output_base="$build/tests/install/bazel")
    trap 'bazel "${output[@]}" shutdown; rm -rf "$scratch"' EXIT
    bazel "${output[@]}" build //:example
    answer=$("$(bazel "${output[@]}" info bazel-bin 2>/dev/null)/example")
    ;;
  client_cmake)
    install_component sales_client
    build_with_cmake
    start_salesd
    answer=$(out/quickstart "$target")
    ;;
  client_pkg_config)
    install_component sales_client
    build_with_pkg_config
    start_salesd
    answer=$(./quickstart "$target")
    ;;
esac

printf '%s\n' "$answer"
if [[ $way == client_* ]]; then
  [[ $answer == *"not yet: requirements_agreed"* && $answer == *"not yet: price_offered"* ]]
else
  [[ $answer == *"missing: requirements_agreed"* && $answer == *"declined well"* ]]
fi
