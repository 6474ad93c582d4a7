"""The machine's own libraries as Bazel targets, described by pkg-config."""

def _cc_library(name, defines, linkopts, includes = []):
    return """cc_library(
    name = %r,
    hdrs = glob(%r),
    defines = %r,
    includes = %r,
    linkopts = %r,
)
""" % (name, [folder + "/*.h" for folder in includes], defines, includes, linkopts)

def _flags(ctx, kind, packages):
    result = ctx.execute(["pkg-config", kind] + packages)
    if result.return_code:
        fail("pkg-config does not know all of %s; ./dev installs them.\n%s" % (packages, result.stderr))
    return [flag for flag in result.stdout.strip().split(" ") if flag]

def _unique_from_the_back(flags):
    """Keeps the last of repeated libraries, so that each stands behind all that need it."""
    kept = []
    for flag in reversed(flags):
        if flag not in kept or not flag.startswith("-l"):
            kept.append(flag)
    return [flag for flag in reversed(kept)]

def _system_repository_impl(ctx):
    parts = ["package(default_visibility = [\"//visibility:public\"])\n"]
    for name, packages in ctx.attr.packages.items():
        packages = packages.split(" ")
        cflags = _flags(ctx, "--cflags", packages)
        includes = []
        for flag in cflags:
            if flag.startswith("-I"):
                # Bazel sees only headers that it is shown, save those in the compiler's own folders.
                includes.append("%s_headers_%d" % (name, len(includes)))
                ctx.symlink(flag[2:], includes[-1])
            elif not flag.startswith("-D"):
                fail("%s asks for %s, of which nothing is known here" % (name, flag))
        linkopts = _unique_from_the_back(_flags(ctx, "--libs", packages))
        defines = [flag[2:] for flag in cflags if flag.startswith("-D")]
        parts.append(_cc_library(name, defines, linkopts, includes))
    for name, library in ctx.attr.libraries.items():
        parts.append(_cc_library(name, [], ["-l" + library]))
    for tool in ctx.attr.tools:
        path = ctx.which(tool)
        if not path:
            fail("%s is not installed; ./dev installs it" % tool)
        ctx.symlink(path, tool)
    parts.append("exports_files(%r)\n" % ctx.attr.tools)
    ctx.file("BUILD.bazel", "\n".join(parts))

system_repository = repository_rule(
    implementation = _system_repository_impl,
    attrs = {
        "packages": attr.string_dict(doc = "Target to the pkg-config packages it stands for."),
        "libraries": attr.string_dict(doc = "Target to a library that has no pkg-config file."),
        "tools": attr.string_list(doc = "Programs on the PATH."),
    },
    environ = ["PATH", "PKG_CONFIG_PATH"],
    local = True,
)
