"""C++ stubs of the contract."""

def cc_stubs(name, messages, services, deps = [], **kwargs):
    """A library of the stubs of .proto files, which are given without their extension.

    Args:
      name: of the library.
      messages: files with messages only.
      services: files with services.
      deps: what the stubs need.
      **kwargs: of the library.
    """
    stems = messages + services
    sources = [stem + ".pb.cc" for stem in stems] + [stem + ".grpc.pb.cc" for stem in services]
    headers = [stem + ".pb.h" for stem in stems] + [stem + ".grpc.pb.h" for stem in services]
    protos = [stem + ".proto" for stem in stems]
    service_protos = [stem + ".proto" for stem in services]
    native.genrule(
        name = name + "_stubs",
        srcs = protos,
        outs = sources + headers,
        cmd = " && ".join([
            "root=$$(dirname $$(dirname $$(dirname $(location %s))))" % protos[0],
            "out=$(RULEDIR)",
            "$(location @system//:protoc) -I$$root --cpp_out=$$out %s" %
            " ".join(["$(location %s)" % proto for proto in protos]),
            "$(location @system//:protoc) -I$$root --grpc_out=$$out %s %s" % (
                "--plugin=protoc-gen-grpc=$(location @system//:grpc_cpp_plugin)",
                " ".join(["$(location %s)" % proto for proto in service_protos]),
            ),
        ]),
        exec_tools = ["@system//:protoc", "@system//:grpc_cpp_plugin"],
    )
    native.cc_library(
        name = name,
        srcs = sources,
        hdrs = headers,
        copts = ["-std=c++20", "-w"],
        includes = ["."],
        deps = deps,
        **kwargs
    )
