"""libsales' own C++ rules: the language, the warnings and the include roots in one place."""

# As in CMakeLists.txt; a test compares.
SALES_VERSION = "0.1.0"

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

def text_define(name, text):
    """The option that defines a macro as a C++ string."""
    return "-D%s='\"%s\"'" % (name, text)

def sales_cc_library(name, include_roots = [], copts = [], **kwargs):
    native.cc_library(name = name, copts = _COPTS + _include(include_roots) + copts, **kwargs)

def sales_cc_binary(name, include_roots = [], copts = [], **kwargs):
    native.cc_binary(name = name, copts = _COPTS + _include(include_roots) + copts, **kwargs)

def sales_cc_test(name, deps = [], copts = [], **kwargs):
    native.cc_test(
        name = name,
        copts = _COPTS + copts,
        deps = deps + ["@system//:gtest_main"],
        **kwargs
    )

def sales_cc_tests(srcs, hdrs = [], **kwargs):
    """A test for each file, named after it.

    Args:
      srcs: the files, each ending in _test.cc.
      hdrs: headers that they share.
      **kwargs: of each sales_cc_test.
    """
    for src in srcs:
        sales_cc_test(name = src[:-len(".cc")], srcs = [src] + hdrs, **kwargs)
