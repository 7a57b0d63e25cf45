# Install rules, and the package that `find_package(tensorc)` finds: tensorc::rt
# and so on for the libraries of runtime/, tensorc::tensorc being libtensorc;
# tensorc::compiler, the `tensorc` program; and tensorc_add_model(). Include this last: it looks at the
# targets that are there.
include(CMakePackageConfigHelpers)

# All targets of `folder` and the folders below it, into `result`.
function(tensorc_collect_targets folder result)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(subfolder IN LISTS below)
    tensorc_collect_targets(${subfolder} more)
    list(APPEND targets ${more})
  endforeach()
  set(${result} ${targets} PARENT_SCOPE)
endfunction()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tensorc)
tensorc_collect_targets(${CMAKE_SOURCE_DIR}/runtime targets)
if(TARGET tensorc_kernels) # eager mode's, compiled by tensorc
  list(APPEND targets tensorc_kernels tensorc_kernels_cuda)
endif()
foreach(target IN LISTS targets)
  get_target_property(type ${target} TYPE)
  if(NOT type MATCHES "^(STATIC|SHARED|INTERFACE|OBJECT)_LIBRARY$")
    continue()
  endif()
  # Installed, a library has one include folder; the others are the build's.
  get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  if(folders)
    list(FILTER folders EXCLUDE REGEX "INSTALL_INTERFACE")
    list(TRANSFORM folders REPLACE "^\\$<BUILD_INTERFACE:(.*)>$" "\\1")
    list(TRANSFORM folders REPLACE "^(.+)$" "$<BUILD_INTERFACE:\\1>")
  else()
    set(folders)
  endif()
  string(REGEX REPLACE "^tensorc_" "" export_name ${target})
  if(target STREQUAL tensorc_api)
    set(export_name tensorc) # libtensorc
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name}
    INTERFACE_INCLUDE_DIRECTORIES
    "${folders};$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  install(TARGETS ${target} EXPORT tensorcTargets)
endforeach()

# The programs; the compiler is the executable called `tensorc`.
if(TARGET tensorc)
  set_target_properties(tensorc PROPERTIES EXPORT_NAME compiler)
  install(TARGETS tensorc EXPORT tensorcTargets)
endif()
foreach(tool tensorc-opt tensorc-lsp-server)
  if(TARGET ${tool})
    install(TARGETS ${tool})
  endif()
endforeach()
foreach(program tensorc tensorc-opt tensorc-lsp-server)
  if(TARGET ${program})
    set_property(TARGET ${program} APPEND PROPERTY
      INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  endif()
endforeach()

install(DIRECTORY runtime/include/ ${CMAKE_BINARY_DIR}/runtime/include/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.inc")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT tensorcTargets NAMESPACE tensorc:: DESTINATION ${package_dir})
configure_package_config_file(tools/cmake/tensorcConfig.cmake.in
  ${CMAKE_BINARY_DIR}/package/tensorcConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${CMAKE_BINARY_DIR}/package/tensorcConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/tensorcConfig.cmake
  ${CMAKE_BINARY_DIR}/package/tensorcConfigVersion.cmake
  tools/cmake/TensorcAddModel.cmake DESTINATION ${package_dir})
