// The command line, natively under the sanitizers and as WebAssembly in wasmtime.
import { spawn } from "node:child_process";

import { at } from "../../.toolchain/paths.mjs";
import { wasmtime } from "../../.toolchain/wasmtime.mjs";

/** The command before `validate …`: natively … */
export const native = [at("build/asan/edgebatch_cli")];
/** … and as a WASI command that sees `folder` as its working directory. */
export const wasi = (folder = at()) => [...wasmtime(folder), at("build/wasi/edgebatch_cli.wasm")];

/** Runs it with the arguments and `input`, bytes or nothing, as its standard input. */
export function run([program, ...before], args, { input, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...before, ...args], { cwd });
    const [out, err] = [[], []];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString());
      resolve({ code: code ?? signal, stdout, stderr });
    });
    child.stdin.on("error", () => {}); // It may end before it has read everything.
    child.stdin.end(input);
  });
}
