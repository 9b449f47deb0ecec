// Builds with CMake; a preset is configured only when that is needed, ninja does the rest.
import { existsSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { bundle } from "./bundle.mjs";
import { run, script, seconds } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

const newer = (a, b) => statSync(a).mtimeMs > statSync(b).mtimeMs;

/** Configures a preset, with the tests or as it was. `settings`: more of CMake's cache. */
async function configure(preset, { tests = false, settings = {} } = {}) {
  const [ninja, cache] = ["build.ninja", "CMakeCache.txt"].map((file) => at("build", preset, file));
  const cached = existsSync(cache) ? readFileSync(cache, "utf8") : "";
  const withTests = tests || cached.includes("EDGEBATCH_TESTS:BOOL=ON");
  const definitions = Object.entries({ EDGEBATCH_TESTS: withTests ? "ON" : "OFF", ...settings });
  const current =
    existsSync(ninja) &&
    !newer(at("CMakePresets.json"), ninja) &&
    definitions.every(([name, value]) => new RegExp(`^${name}:.*$`, "m").exec(cached)?.[0].endsWith(`=${value}`));
  if (current) return;
  const args = definitions.map(([name, value]) => `-D${name}=${value}`);
  await run("cmake", ["--preset", preset, ...args], { log: "build.log" });
}

/** Configures and builds `target` of a preset; says so if it took a while. */
export async function build(preset, target, options) {
  const start = performance.now();
  await configure(preset, options);
  const args = ["--build", at("build", preset), "--target", target, "--", "--quiet"];
  await run("cmake", args, { log: "build.log" });
  if (performance.now() - start > 1000) console.log(`built ${preset}/${target} (${seconds(start)})`);
}

/** Everything that serving needs: the core as WebAssembly, and the hosts' TypeScript. */
export async function buildToServe() {
  await build("wasi", "edgebatch");
  await bundle();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  script(async () => {
    await ensure();
    await buildToServe();
  });
}
