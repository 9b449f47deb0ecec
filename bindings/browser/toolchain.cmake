# Emscripten: EMSDK's, or else the one that .toolchain/emscripten.mjs gets.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(EMSCRIPTEN TRUE)

if(DEFINED ENV{EMSDK} AND NOT "$ENV{EMSDK}" STREQUAL "")
  set(emscripten_found "$ENV{EMSDK}/upstream/emscripten")
else()
  set(emscripten_found "${CMAKE_CURRENT_LIST_DIR}/../../build/deps/emscripten-3.1.69")
endif()
if(NOT EXISTS "${emscripten_found}/em++")
  message(FATAL_ERROR "No em++ in ${emscripten_found}: node .toolchain/setup.mjs gets one, or says "
                      "how.")
endif()
set(CMAKE_CXX_COMPILER "${emscripten_found}/em++")
set(CMAKE_AR "${emscripten_found}/emar")
set(CMAKE_RANLIB "${emscripten_found}/emranlib")

set(CMAKE_CXX_FLAGS_INIT "-fno-exceptions -msimd128 -mbulk-memory")
set(CMAKE_EXECUTABLE_SUFFIX_CXX .js)

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
