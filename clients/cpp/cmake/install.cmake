# What an outside project finds: sales_client::sales_client through find_package(sales_client CONFIG),
# `sales_client` through pkg-config. The same target is //clients/cpp:sales_client in Bazel.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sales_client)

install(TARGETS sales_client sales_proto EXPORT sales_client-targets COMPONENT sales_client)
install(DIRECTORY include/sales TYPE INCLUDE COMPONENT sales_client)
install(DIRECTORY ${PROJECT_BINARY_DIR}/proto/sales TYPE INCLUDE COMPONENT sales_client
        FILES_MATCHING PATTERN "*.pb.h")
install(EXPORT sales_client-targets NAMESPACE sales_client:: DESTINATION ${package_dir}
        COMPONENT sales_client)

configure_package_config_file(
  cmake/sales_client-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/sales_client-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/sales_client-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sales_client-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/sales_client-config-version.cmake
        DESTINATION ${package_dir} COMPONENT sales_client)

# Relative to the file itself, so that an installed tree may be moved.
file(RELATIVE_PATH SALES_PREFIX_FROM_PC
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/sales_client.pc.in ${CMAKE_CURRENT_BINARY_DIR}/sales_client.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sales_client.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT sales_client)
