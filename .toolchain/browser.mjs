// npm run browser: builds the validator for browsers, and packs it: build/browser/*.tgz.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { build } from "./build.mjs";
import { run, script } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

const folder = at("build/browser/package");
const json = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Our modules without their types, but for what callers see. */
async function compile() {
  const tsc = [at("node_modules/typescript/bin/tsc"), "-p", at("tsconfig.browser.json")];
  await run(process.execPath, [...tsc, "--noEmit", "false"], { log: "build.log" });
  const seen = `${folder}/index.d.ts`;
  writeFileSync(seen, readFileSync(seen, "utf8").replaceAll('.ts"', '.js"')); // tsc leaves that to us.
}

const modules = ["core", "host_node", "host_web", "index", "node_worker", "server", "source", "worker"];
const files = [
  ...modules.map((name) => `${name}.js`),
  ...["index.d.ts", "types.d.ts", "edgebatch.js", "edgebatch.wasm"],
];

/** Writes build/browser/package, packs it, and gives the path of the archive. */
export async function pack() {
  await build("browser", "edgebatch_validator");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await compile();
  for (const name of ["edgebatch.js", "edgebatch.wasm"]) {
    copyFileSync(at("build/browser", name), `${folder}/${name}`);
  }
  copyFileSync(at("bindings/browser/README.md"), `${folder}/README.md`);
  copyFileSync(at("LICENSE"), `${folder}/LICENSE`);
  const { version } = json(at("package.json"));
  const manifest = { ...json(at("bindings/browser/package.json")), version, files };
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);

  await run("npm", ["pack", folder, "--pack-destination", at("build/browser")], { log: "build.log" });
  return at(`build/browser/edgebatch-validator-${version}.tgz`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  script(async () => {
    await ensure({ browser: true });
    console.log(await pack());
  });
}
