#!/usr/bin/env bash
# Builds the README's example in a project outside this tree, as a user of libsales does, and runs it.
# Usage: install_test.sh cmake|pkg_config|bazel SOURCE_FOLDER BUILD_FOLDER
set -euo pipefail
way=$1 source=$(realpath "$2") build=$(realpath "$3")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$source/tests/install/$way" "$scratch/project"
cp "$source/tests/install/example.cc" "$scratch/project/"
cd "$scratch/project"

# Moved after installing: an installed tree holds no path of where it was made or put first.
install_libsales() {
  cmake --install "$build" --component libsales --prefix "$scratch/first" >/dev/null
  mv "$scratch/first" "$scratch/prefix"
}

case $way in
  cmake)
    install_libsales
    cmake -S . -B out -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
    cmake --build out
    example=out/example
    ;;
  pkg_config)
    install_libsales
    found=$(dirname "$(find "$scratch/prefix" -name sales.pc)")
    PKG_CONFIG_PATH=$found make
    example=./example
    ;;
  bazel)
    sed -i "s|@SALES_ROOT@|$source|" WORKSPACE
    # Beside the build and not in the scratch folder: a second run finds libsales compiled.
    output=(--output_base="$build/tests/install/bazel")
    trap 'bazel "${output[@]}" shutdown; rm -rf "$scratch"' EXIT
    bazel "${output[@]}" build //:example
    example=$(bazel "${output[@]}" info bazel-bin 2>/dev/null)/example
    ;;
esac

answer=$("$example")
printf '%s\n' "$answer"
[[ $answer == *"missing: requirements_agreed"* && $answer == *"declined well"* ]]
