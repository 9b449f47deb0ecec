// Builds with CMake; a preset is configured only when that is needed, ninja does the rest.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { bundle } from "./bundle.mjs";
import { run, script, seconds } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

/** Configures a preset, with the tests or as it was. */
async function configure(preset, tests) {
  const [ninja, cache, mark] = ["build.ninja", "CMakeCache.txt", "configured"].map((file) =>
    at("build", preset, file),
  );
  const text = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");
  const withTests = tests || text(cache).includes("EDGEBATCH_TESTS:BOOL=ON");
  const args = ["--preset", preset, `-DEDGEBATCH_TESTS=${withTests ? "ON" : "OFF"}`];

  // Times can't tell: ninja configures anew by itself, but never by the presets.
  const { WASI_SDK_PATH = "", EMSDK = "" } = process.env;
  const sdks = `\n${WASI_SDK_PATH}\n${EMSDK}`;
  const wanted = `${args.join(" ")}\n${text(at("CMakePresets.json"))}${sdks}`;
  if (existsSync(ninja) && text(mark) === wanted) return;
  const fresh = text(mark).endsWith(sdks) ? [] : ["--fresh"]; // A cache keeps its first compiler.
  await run("cmake", [...args, ...fresh], { log: "build.log" });
  writeFileSync(mark, wanted);
}

/** Configures and builds `target` of a preset; says so if it took a while. */
export async function build(preset, target, { tests = false } = {}) {
  const start = performance.now();
  await configure(preset, tests);
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
    await build("wasi", "edgebatch_cli");
  });
}
