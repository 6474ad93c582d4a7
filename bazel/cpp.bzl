"""libsales' own C++ rules: the language, the warnings and the include roots in one place."""

# The workspace's folder as seen from where the compiler runs: not empty when another uses it.
_ROOT = Label("//libsales:sales").workspace_root
_PREFIX = _ROOT + "/" if _ROOT else ""

_COPTS = [
    "-std=c++20",
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wnon-virtual-dtor",
    "-Wno-missing-field-initializers",
    "-Werror=return-type",
]

def _include(folders):
    return ["-I" + _PREFIX + folder for folder in folders]

def sales_cc_library(name, include_roots = [], copts = [], **kwargs):
    native.cc_library(name = name, copts = _COPTS + _include(include_roots) + copts, **kwargs)

def sales_cc_binary(name, include_roots = [], copts = [], **kwargs):
    native.cc_binary(name = name, copts = _COPTS + _include(include_roots) + copts, **kwargs)

def sales_cc_tests(srcs, deps = [], copts = [], **kwargs):
    """A test for each file, named after it."""
    for src in srcs:
        native.cc_test(
            name = src[:-len(".cc")],
            srcs = [src],
            copts = _COPTS + copts,
            deps = deps + ["@system//:gtest_main"],
            **kwargs
        )
