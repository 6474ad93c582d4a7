# What an outside project finds: sales::sales through find_package(sales CONFIG), `sales` through
# pkg-config. The same target is //libsales:sales in Bazel.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sales)

install(TARGETS sales EXPORT sales-targets COMPONENT libsales)
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/sales TYPE INCLUDE COMPONENT libsales)
install(EXPORT sales-targets NAMESPACE sales:: DESTINATION ${package_dir} COMPONENT libsales)

configure_package_config_file(
  cmake/sales-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/sales-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/sales-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sales-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/sales-config-version.cmake
        DESTINATION ${package_dir} COMPONENT libsales)

# Relative to the file itself, so that an installed tree may be moved.
file(RELATIVE_PATH SALES_PREFIX_FROM_PC
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
if(SALES_POSTGRES)
  set(SALES_PC_POSTGRES " libpq")
endif()
configure_file(cmake/sales.pc.in ${CMAKE_CURRENT_BINARY_DIR}/sales.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sales.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT libsales)
