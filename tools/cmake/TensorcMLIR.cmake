# Finds MLIR and gives the functions that dialects and compiler phases use.
find_package(MLIR REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
message(STATUS "MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")
set(LLVM_TOOLS_DIR ${LLVM_TOOLS_BINARY_DIR})

# MLIR's headers are large; all of the compiler shares them precompiled.
add_library(tensorc_pch STATIC ${CMAKE_SOURCE_DIR}/tools/cmake/Pch.cpp)
target_include_directories(tensorc_pch SYSTEM PUBLIC ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
target_include_directories(tensorc_pch PUBLIC ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/runtime/include)
# What mlir-tblgen generates doesn't keep to our warnings.
target_include_directories(tensorc_pch SYSTEM PUBLIC ${CMAKE_BINARY_DIR}
  ${CMAKE_BINARY_DIR}/runtime/include)
# Programs too, or they couldn't share what was precompiled for libraries.
target_compile_options(tensorc_pch PUBLIC -fPIC)
target_link_libraries(tensorc_pch PUBLIC MLIR LLVM)
target_precompile_headers(tensorc_pch PRIVATE ${CMAKE_SOURCE_DIR}/tools/cmake/Pch.h)

# tensorc_add_compiler_library(NAME SOURCES... [DEPENDS targets] [LINK libs])
# A static library of the compiler, with MLIR's headers precompiled.
function(tensorc_add_compiler_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_precompile_headers(${name} REUSE_FROM tensorc_pch)
  target_link_libraries(${name} PUBLIC tensorc_pch ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()
