# wasm32-wasi with C++20: from a wasi-sdk (WASI_SDK_PATH, /opt/wasi-sdk), from Debian's packages (clang
# 19 to 22), or by zig (ZIG_PATH, its folder; PATH), which needs no root.
# .toolchain/system.mjs looks in the same places.
set(CMAKE_SYSTEM_NAME Generic) # CMake 3.25 doesn't know WASI.
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(WASI TRUE)

foreach(sdk "$ENV{WASI_SDK_PATH}" /opt/wasi-sdk)
  if(sdk AND EXISTS "${sdk}/share/wasi-sysroot")
    set(sdk_found "${sdk}")
    break()
  endif()
endforeach()

foreach(version 19 20 21 22)
  if(NOT llvm_found
     AND EXISTS "/usr/bin/clang++-${version}"
     AND EXISTS "/usr/lib/llvm-${version}/include/wasm32-wasi/c++/v1/vector")
    set(llvm_found ${version})
  endif()
endforeach()

# Without tail calls symmetric transfer is a plain call, and an await loop overflows the stack.
set(CMAKE_CXX_FLAGS_INIT "-fno-exceptions -mtail-call -msimd128 -mbulk-memory")
# The stack comes first: an overflow then traps instead of overwriting data.
# Small: nothing that only debuggers and further linking need, and equal functions once.
set(CMAKE_EXE_LINKER_FLAGS_INIT
    "-Wl,--stack-first -Wl,--strip-all -Wl,--compress-relocations -Wl,-mllvm,-enable-merge-functions")
# Smaller, and no slower: engines order instructions and choose registers themselves, so keep values
# where they are used, instead of in locals from where they could be had first.
string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT
       " -Wl,-mllvm,-pre-RA-sched=source -Wl,-mllvm,-disable-lsr -Wl,-mllvm,-enable-pre=false")

if(sdk_found)
  set(CMAKE_SYSROOT "${sdk_found}/share/wasi-sysroot")
  set(CMAKE_CXX_COMPILER "${sdk_found}/bin/clang++")
  set(CMAKE_AR "${sdk_found}/bin/llvm-ar")
  set(CMAKE_RANLIB "${sdk_found}/bin/llvm-ranlib")
  set(CMAKE_CXX_COMPILER_TARGET wasm32-wasip1)
elseif(llvm_found)
  set(CMAKE_CXX_COMPILER "/usr/bin/clang++-${llvm_found}")
  set(CMAKE_AR "/usr/bin/llvm-ar-${llvm_found}") # GNU ar writes no index for wasm objects.
  set(CMAKE_RANLIB "/usr/bin/llvm-ranlib-${llvm_found}")
  set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi) # The one triple that every Debian mix knows.
  set(WASI_HAS_NO_FSTREAM TRUE) # Debian's libc++ only declares file streams.
else()
  find_program(ZIG zig HINTS "$ENV{ZIG_PATH}")
  if(NOT ZIG)
    message(FATAL_ERROR "No compiler for wasm32-wasi here: node .toolchain/setup.mjs gets one, "
                        "or says how.")
  endif()
  set(CMAKE_CXX_COMPILER "${ZIG}" c++)
  foreach(tool ar ranlib) # CMake takes no arguments there.
    file(WRITE "${CMAKE_BINARY_DIR}/zig-${tool}" "#!/bin/sh\nexec '${ZIG}' ${tool} \"$@\"\n")
    file(CHMOD "${CMAKE_BINARY_DIR}/zig-${tool}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  endforeach()
  set(CMAKE_AR "${CMAKE_BINARY_DIR}/zig-ar")
  set(CMAKE_RANLIB "${CMAKE_BINARY_DIR}/zig-ranlib")
  # It has names of its own for the same things, puts the stack first by itself, and refuses to be
  # told so. Its libc++ isn't a system header to it.
  set(CMAKE_CXX_FLAGS_INIT
      "-target wasm32-wasi -mcpu=generic+simd128+tail_call+bulk_memory -fno-exceptions -Wno-nullability-completeness")
  set(CMAKE_EXE_LINKER_FLAGS_INIT "-s")
endif()
set(CMAKE_EXECUTABLE_SUFFIX_CXX .wasm)

if(NOT CMAKE_CROSSCOMPILING_EMULATOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR "python3;${CMAKE_CURRENT_LIST_DIR}/run.py;--dir;${CMAKE_SOURCE_DIR}::.")
endif()

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
