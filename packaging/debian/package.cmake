# The Debian package. Its dependencies are those that scripts/packages lists under [run].
set(VRRP_XDP_MAINTAINER "vrrp-xdp authors <maintainers@vrrp-xdp.example>" CACHE STRING "Who answers for the package")

execute_process(
  COMMAND bash -c "source scripts/lib/packages.sh && list_packages scripts/packages run"
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE run_packages COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${run_packages}" run_packages)
string(REPLACE "\n" ", " run_packages "${run_packages}")

string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(debian/changelog.in changelog.txt @ONLY)
add_custom_command(
  OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
  COMMAND gzip -9nc ${CMAKE_CURRENT_BINARY_DIR}/changelog.txt > ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
  DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/changelog.txt VERBATIM)
add_custom_target(changelog ALL DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES debian/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME vrrp-xdp)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME vrrp-xdp)
set(CPACK_PACKAGE_CONTACT "${VRRP_XDP_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libgcc-s1, libstdc++6, ${run_packages}")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "bpftool")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "VRRP router whose virtual addresses live in XDP")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Several Linux routers pose as one gateway: they share a virtual IP address
and a virtual MAC address, and when the one that answers dies another takes
over. XDP programs answer for the address as long as a lease lasts, which
ends by itself when the daemon dies. It speaks VRRP version 3 (RFC 9568) for
IPv4 and IPv6, and version 2.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${CMAKE_CURRENT_SOURCE_DIR}/debian/postinst;${CMAKE_CURRENT_SOURCE_DIR}/debian/prerm;${CMAKE_CURRENT_SOURCE_DIR}/debian/postrm")
include(CPack)
