# tensorc_add_model(NAME SOURCE [PREFIX prefix] [FUNCTIONS functions...]
#                   [TARGET target] [OPTIONS options...])
#
# Compiles the model file SOURCE with tensorc, when it or a header that it
# includes changes, into a library that programs in C++20 or C link:
# `target_link_libraries(app PRIVATE NAME)` and `#include "PREFIX.h"`. The
# object, the header and the initial weights (PREFIX.safetensors) are in the
# current binary folder.
#
#   PREFIX     name of the model in the generated code (default: NAME)
#   FUNCTIONS  which of its functions to compile (default: all)
#   TARGET     native, x86-64-v3, x86-64-v4, aarch64, fat, cuda:sm_80 and other GPUs, or
#              several with commas: fat,cuda:sm_80 (default: tensorc's)
#   OPTIONS    further options for tensorc, e.g. -O0

# The policies that it needs, whatever the project asks for.
cmake_policy(VERSION 3.21...3.31)

function(tensorc_add_model name source)
  cmake_parse_arguments(ARG "" "PREFIX;TARGET" "FUNCTIONS;OPTIONS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "tensorc_add_model: unexpected "
      "`${ARG_UNPARSED_ARGUMENTS}${ARG_KEYWORDS_MISSING_VALUES}`")
  endif()
  if(NOT ARG_PREFIX)
    set(ARG_PREFIX ${name})
  endif()
  cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set(base ${CMAKE_CURRENT_BINARY_DIR}/${ARG_PREFIX})
  set(options --name=${ARG_PREFIX} ${ARG_OPTIONS})
  foreach(function IN LISTS ARG_FUNCTIONS)
    list(APPEND options --function=${function})
  endforeach()
  if(ARG_TARGET)
    list(APPEND options --target=${ARG_TARGET})
  endif()
  add_custom_command(OUTPUT ${base}.o ${base}.h
    BYPRODUCTS ${base}.safetensors
    COMMAND tensorc::compiler ${source} -o ${base}.o --depfile=${base}.d
      ${options}
    DEPENDS ${source} tensorc::compiler
    DEPFILE ${base}.d
    COMMENT "Compiling model ${name}" VERBATIM)
  set_source_files_properties(${base}.o PROPERTIES
    EXTERNAL_OBJECT ON GENERATED ON)
  add_library(${name} STATIC ${base}.o ${base}.h)
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name} PUBLIC tensorc::rt m)
  # The object needs no C++ library; the class in the header needs C++20.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("CXX" IN_LIST languages)
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
    target_compile_features(${name} INTERFACE cxx_std_20)
  else()
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  endif()
endfunction()
