// ajv's validators of the bench's schemas, as code: workerd makes none while it runs.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import standalone from "ajv/dist/standalone/index.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { build } from "esbuild";

import { at } from "../../../.toolchain/paths.mjs";
import { names, schemas } from "./schemas.mjs";

/** Writes a module whose default export has a function for each schema. */
export async function writeValidators(path) {
  const ajv = new Ajv2020({ strict: false, code: { source: true, esm: false } });
  const entry = `${path}.entry.cjs`;
  const functions = names.map((name) => {
    const code = standalone.default(ajv, ajv.compile(schemas[name]));
    return `${JSON.stringify(name)}: (() => { const module = {}; const exports = {}; ${code}; return module.exports; })()`;
  });
  writeFileSync(entry, `module.exports = {${functions.join(",\n")}};`);
  await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    outfile: path,
    nodePaths: [join(at(), "node_modules")],
    absWorkingDir: dirname(path),
    logLevel: "error",
  });
}
