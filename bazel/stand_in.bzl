"""A repository of .bzl files that re-export Bazel's native rules under the names of a rule set."""

def _stand_in_repository_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)
    ctx.file("BUILD.bazel", "".join([
        "filegroup(name = \"%s\", visibility = [\"//visibility:public\"])\n" % target
        for target in ctx.attr.empty_targets
    ]))
    for path, rules in ctx.attr.exports.items():
        ctx.file(path.rpartition("/")[0] + "/BUILD.bazel", "")
        ctx.file(path, "".join(["%s = native.%s\n" % (rule, rule) for rule in rules]))

stand_in_repository = repository_rule(
    implementation = _stand_in_repository_impl,
    attrs = {
        "exports": attr.string_list_dict(doc = "File to the rules it exports."),
        "empty_targets": attr.string_list(doc = "Targets that are asked for but not used."),
    },
)
