# How folders and tests join the build: a folder is built once it has a
# CMakeLists.txt, so that nobody has to edit a list to add one.

# tensorc_add_subdirectories([FIRST names...] [EXCEPT names...])
# Adds each folder below the current one that has a CMakeLists.txt; of a folder
# that has none, each such folder in it. FIRST gives the order of some.
function(tensorc_add_subdirectories)
  cmake_parse_arguments(ARG "" "" "FIRST;EXCEPT" ${ARGN})
  file(GLOB lists RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt
    ${CMAKE_CURRENT_SOURCE_DIR}/*/*/CMakeLists.txt)
  list(SORT lists)
  set(folders)
  foreach(list IN LISTS lists)
    get_filename_component(folder ${list} DIRECTORY)
    get_filename_component(parent ${folder} DIRECTORY)
    if(parent AND "${parent}/CMakeLists.txt" IN_LIST lists)
      continue()
    endif()
    list(APPEND folders ${folder})
  endforeach()
  if(ARG_EXCEPT)
    list(REMOVE_ITEM folders ${ARG_EXCEPT})
  endif()
  foreach(first IN LISTS ARG_FIRST)
    foreach(folder IN LISTS folders)
      if(folder STREQUAL first OR folder MATCHES "^${first}/")
        add_subdirectory(${folder})
        list(REMOVE_ITEM folders ${folder})
      endif()
    endforeach()
  endforeach()
  foreach(folder IN LISTS folders)
    add_subdirectory(${folder})
  endforeach()
endfunction()

# tensorc_add_gtest(NAME SOURCES... [LINK libs...] [LABELS labels...]
#                   [RECORDS write|read])
# A GoogleTest program in build/tests/bin; ctest knows each of its cases as
# NAME.<suite>.<case>. TENSORC_SOURCE_DIR and TENSORC_BUILD_DIR are defined.
# RECORDS: it notes which ops it has compared (tests/oracle/Record.h), or reads
# that, after all programs that note it.
function(tensorc_add_gtest name)
  cmake_parse_arguments(ARG "" "RECORDS" "LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/runtime/include ${CMAKE_BINARY_DIR}/runtime/include
    ${CMAKE_BINARY_DIR})
  target_compile_definitions(${name} PRIVATE
    TENSORC_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    TENSORC_BUILD_DIR="${CMAKE_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/bin)
  set(records)
  if(ARG_RECORDS)
    set(records ENVIRONMENT TENSORC_TEST_RECORDS=${CMAKE_BINARY_DIR}/tests/records)
  endif()
  if(ARG_RECORDS STREQUAL write)
    list(APPEND records FIXTURES_REQUIRED no_records FIXTURES_SETUP records)
  elseif(ARG_RECORDS STREQUAL read)
    list(APPEND records FIXTURES_REQUIRED records)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
    NO_PRETTY_VALUES
    PROPERTIES TIMEOUT 300 LABELS "gtest;${ARG_LABELS}" ${records})
  add_dependencies(tensorc_test_programs ${name})
endfunction()

# tensorc_add_fuzzer(NAME SOURCES... [LINK libs...])
# A libFuzzer program in build-fuzz/fuzz (preset `fuzz`; nothing otherwise).
function(tensorc_add_fuzzer name)
  if(NOT TENSORC_BUILD_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/runtime/include ${CMAKE_BINARY_DIR}/runtime/include)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
endfunction()

# tensorc_link_portably(NAME): the program runs on other distributions of glibc
# 2.34 and later. The linker has to drop what libstdc++ doesn't use of itself,
# as that needs the newest glibc.
function(tensorc_link_portably name)
  if(NOT TENSORC_SANITIZE)
    target_link_options(${name} PRIVATE -static-libstdc++ -Wl,--gc-sections)
  endif()
endfunction()
