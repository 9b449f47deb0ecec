// Emscripten, for the browser's build: EMSDK's where that is set, else Debian trixie's 3.1.69 in
// build/deps, which uses this machine's clang-19. bookworm's own is too old for C++20.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { fetchPackages, isDebian12 } from "./apt.mjs";
import { Stop, run } from "./command.mjs";
import { deps } from "./paths.mjs";

const version = "3.1.69";
const folder = deps(`emscripten-${version}`); // bindings/browser/toolchain.cmake looks there, too.
const sdk = process.env.EMSDK;

// What no build of ours links or reads: nine tenths of what the package takes on the disk.
const unwanted = [
  ...["./usr/share/doc", "./usr/share/man", "./usr/share/emscripten/test"],
  ...["*/lib/wasm64-emscripten", "*/wasm32-emscripten/pic", "*/wasm32-emscripten/lto-pic"],
  ...["mt", "ww", "asan", "debug", "except", "verbose", "memvalidate"].map((kind) => `lib*-${kind}*.a`),
  ...["GL-emu", "wasmfs", "webgpu", "mimalloc", "embind"].map((name) => `lib${name}*.a`),
];

async function unpack(archives, into, except = []) {
  mkdirSync(into, { recursive: true });
  const excluded = except.map((pattern) => `--exclude='${pattern}'`).join(" ");
  for (const archive of archives) {
    const unpacked = `dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" ${excluded}`;
    await run("bash", ["-o", "pipefail", "-c", unpacked, archive, into]);
  }
}

/** trixie's programs, each behind a script that starts it with trixie's own libraries. */
function wrapBinaryen(prefix, final) {
  const lib = join(prefix, "usr/lib");
  const triple = readdirSync(lib).find((name) => name.endsWith("-linux-gnu"));
  const loader = triple && readdirSync(join(lib, triple)).find((name) => /^ld-linux/.test(name));
  if (!loader) throw new Stop("trixie's libc6 has no loader where it is looked for");
  const libraries = join(final, "usr/lib", triple);
  mkdirSync(join(prefix, "bin"));
  for (const name of readdirSync(join(prefix, "usr/bin"))) {
    const command = [join(libraries, loader), "--library-path", libraries, join(final, "usr/bin", name)];
    const words = command.map((word) => `'${word}'`).join(" ");
    writeFileSync(join(prefix, "bin", name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
}

const settings = () => `LLVM_ROOT = '/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '${join(folder, "binaryen")}'
NODE_JS = '${process.execPath}'
FROZEN_CACHE = True
`;

export const emscripten = {
  what: `Emscripten ${version}`,
  present: () => existsSync(sdk ? join(sdk, "upstream/emscripten/em++") : join(folder, "em++")),
  possible: () => !sdk && isDebian12(), // Root or not.
  otherwise: sdk
    ? `EMSDK is ${sdk}, which holds no upstream/emscripten/em++`
    : "install an emsdk of that version or newer, and set EMSDK",

  async install() {
    const fetched = deps("emscripten-packages");
    const libraries = ["binaryen", "libc6", "libgcc-s1", "libstdc++6"];
    const names = await fetchPackages(["emscripten", "node-acorn", ...libraries], "trixie", fetched);
    const archives = (packages) =>
      names
        .filter((name) => packages.some((known) => name.startsWith(`${known}_`)))
        .map((name) => join(fetched, name));

    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    await unpack(archives(["emscripten", "node-acorn"]), join(partial, "packages"), unwanted);
    await unpack(archives(libraries), join(partial, "binaryen"));
    const share = join(partial, "packages/usr/share");
    for (const name of readdirSync(join(share, "emscripten"))) {
      renameSync(join(share, "emscripten", name), join(partial, name));
    }
    // Node finds it there by itself; Debian's finds it below /usr/share, too.
    mkdirSync(join(partial, "node_modules"));
    symlinkSync("../packages/usr/share/nodejs/acorn", join(partial, "node_modules/acorn"));
    wrapBinaryen(join(partial, "binaryen"), join(folder, "binaryen"));
    writeFileSync(join(partial, ".emscripten"), settings());
    writeFileSync(join(partial, "package.json"), "{}\n"); // Its scripts aren't our kind of modules.
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    rmSync(fetched, { recursive: true });
  },
};
