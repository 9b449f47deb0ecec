// Runs other programs. What they say goes to a log, of which the end is shown if they fail.
import { spawn } from "node:child_process";
import { accessSync, constants, createWriteStream, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { at, root } from "./paths.mjs";

/** A reason to stop that its reader can act on: shown as it is, without a stack. */
export class Stop extends Error {}

/** The path of a program on PATH, or null. */
export function which(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return null;
}

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs a program without input and gives { code, output } (both of its streams, in order).
 * `show`: pass output on as it comes. `cwd`, `env`: as for spawn, env is added to ours.
 */
export function attempt(program, args, { show = false, cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks = [];
    const take = (to) => (chunk) => {
      chunks.push(chunk);
      if (show) to.write(chunk);
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
    child.on("error", (error) => reject(new Stop(`${program}: ${error.message}`)));
    child.on("close", (code, signal) => {
      const output = Buffer.concat(chunks).toString();
      resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}\n` : output });
    });
  });
}

/** Runs a program that has to succeed; its output goes to build/<log>. Gives the output. */
export async function run(program, args, { log = "setup.log", ...options } = {}) {
  const { code, output } = await attempt(program, args, options);
  const line = [program, ...args].join(" ");
  const path = at("build", log);
  mkdirSync(dirname(path), { recursive: true });
  await new Promise((done) => createWriteStream(path, { flags: "a" }).end(`$ ${line}\n${output}`, done));
  if (code === 0) return output;
  const tail = output.trimEnd().split("\n").slice(-40).join("\n");
  throw new Stop(`${tail}\n\nfailed (${code}): ${line}\nall of its output: build/${log}`);
}

/** The entry of a script: a Stop is shown as plain text; exit code 1 then. */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Stop ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
