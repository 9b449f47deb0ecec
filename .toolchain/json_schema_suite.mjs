// The JSON Schema Test Suite, draft 2020-12, as the PyPI package jsonschema brings it along in its source
// archive: the npm package of the suite gets it from a git host, which not every machine reaches.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";

import { run } from "./command.mjs";
import { deps } from "./paths.mjs";

const version = "4.26.0";
export const folder = deps(`json-schema-suite-${version}`);

export const jsonSchemaSuite = {
  what: `JSON Schema Test Suite (of jsonschema ${version})`,
  present: () => existsSync(folder),
  possible: () => true, // Python is there by then.
  otherwise: `put tests/draft2020-12 of the JSON Schema Test Suite into ${folder}`,

  async install() {
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(`${partial}/tests`, { recursive: true });
    const quiet = ["--disable-pip-version-check", "--no-input", "--no-deps"];
    const what = ["--no-binary", "jsonschema", "--dest", partial, `jsonschema==${version}`];
    await run("python3", ["-m", "pip", "download", ...quiet, ...what]);
    const archive = readdirSync(partial).find((name) => name.endsWith(".tar.gz"));
    const members = ["--strip-components=4", "--wildcards", "*/json/tests/draft2020-12/*"];
    await run("tar", ["-xf", archive, "-C", "tests", ...members], { cwd: partial });
    renameSync(`${partial}/tests`, folder);
    rmSync(partial, { recursive: true });
  },
};
