// wasmtime, which runs the tests that are compiled to WebAssembly: one on PATH comes first, else
// the PyPI package, in build/deps/wasmtime, with bindings/wasi/run.py.
import { existsSync, renameSync, rmSync } from "node:fs";

import { run, which } from "./command.mjs";
import { at, deps } from "./paths.mjs";

const version = "50.0.1";
const folder = deps(`wasmtime-${version}`);

/** The command before MODULE [ARG]...; `seen` is the module's working directory. */
export function wasmtime(seen = at()) {
  const installed = which("wasmtime");
  if (installed) return [installed, "run", "--dir", `${seen}::.`];
  return ["python3", at("bindings/wasi/run.py"), "--package", folder, "--dir", `${seen}::.`];
}

export const wasmtimePackage = {
  what: `wasmtime ${version}`,
  present: () => !!which("wasmtime") || existsSync(folder),
  possible: () => true, // Python is there by then.
  otherwise: "put a wasmtime on PATH, or install python3 with pip",

  async install() {
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    const quiet = ["--disable-pip-version-check", "--root-user-action=ignore", "--no-input"];
    const what = ["--target", partial, `wasmtime==${version}`];
    await run("python3", ["-m", "pip", "install", ...quiet, ...what]);
    renameSync(partial, folder);
  },
};
