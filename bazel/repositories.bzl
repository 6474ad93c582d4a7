"""What a workspace that uses libsales needs: the system's libraries and the rules Bazel asks for.

Everything is on the machine already (./dev installs it), so nothing is fetched.
"""

load(":stand_in.bzl", "stand_in_repository")
load(":system.bzl", "system_repository")

# Where Debian's bazel-rules-java and bazel-platforms put what Bazel would otherwise fetch.
_RULES = "/usr/share/bazel/rules"
_TOOLS = "/usr/share/bazel/tools"

def libsales_repositories():
    """Defines the repositories; call it from WORKSPACE."""
    native.local_repository(name = "platforms", path = _TOOLS + "/platforms")
    native.local_repository(name = "rules_java", path = _RULES + "/java")

    # Debian's rules_cc is too new for its Bazel, and the native rules are all that is used.
    stand_in_repository(
        name = "rules_cc",
        exports = {"cc/defs.bzl": ["cc_binary", "cc_import", "cc_library", "cc_test", "cc_toolchain", "cc_toolchain_suite"]},
    )
    stand_in_repository(
        name = "rules_proto",
        exports = {"proto/defs.bzl": ["proto_lang_toolchain", "proto_library"]},
    )
    stand_in_repository(name = "remote_coverage_tools", empty_targets = ["coverage_report_generator"])

    system_repository(
        name = "system",
        packages = {
            "absl": "absl_status absl_statusor absl_strings absl_str_format absl_time absl_cord absl_synchronization absl_random_random absl_flat_hash_map absl_flat_hash_set",
            "crypto": "libcrypto",
            "grpc": "grpc++ protobuf",
            "gtest_main": "gmock gtest_main",
            "benchmark": "benchmark",
            "idn2": "libidn2",
            "json": "nlohmann_json",
            "postgres": "libpq",
            "prometheus": "prometheus-cpp-pull prometheus-cpp-core",
            "cli11": "CLI11",
            "sqlite3": "sqlite3",
            "utf8proc": "libutf8proc",
            "yaml": "yaml-cpp",
        },
        # Libraries without a pkg-config file, or with one that names folders which the compiler knows.
        libraries = {
            "csv": "csv",
            "curl": "curl",
            "ical": "ical",
            "phonenumber": "phonenumber",
        },
        tools = ["protoc", "grpc_cpp_plugin"],
    )
