# Compiler flags of the whole tree, and ccache and lld where they are installed.
find_program(TENSORC_CCACHE ccache)
if(TENSORC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
    CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${TENSORC_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(TENSORC_LLD NAMES ld.lld-22 ld.lld)
  if(TENSORC_LLD)
    add_link_options(--ld-path=${TENSORC_LLD})
  endif()
  # A precompiled header without its time stamp can be cached.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
add_compile_options(-Wall -Wextra -fdiagnostics-color=always
  $<$<CONFIG:Release>:-g0>)
if(TENSORC_SANITIZE)
  add_compile_options(-fsanitize=${TENSORC_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TENSORC_SANITIZE})
endif()
