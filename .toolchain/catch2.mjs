// Catch2 3, amalgamated: two files in build/deps/catch2, compiled once per preset.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";

import { fetchSource, isDebian12 } from "./apt.mjs";
import { Stop, run } from "./command.mjs";
import { deps } from "./paths.mjs";

const folder = deps("catch2");
const files = ["catch_amalgamated.hpp", "catch_amalgamated.cpp"];

export const catch2 = {
  what: "Catch2 3.7.1",
  present: () => files.every((file) => existsSync(`${folder}/${file}`)),
  possible: isDebian12,
  otherwise: `put ${files.join(" and ")} (from extras/ of Catch2 3.7.1) into build/deps/catch2`,

  async install() {
    const source = deps("catch2-source");
    const fetched = await fetchSource("catch2", source);
    const archive = fetched.find((name) => name.includes(".orig.tar."));
    if (!archive) throw new Stop(`no source archive among: ${fetched.join(", ")}`);
    const members = ["--wildcards", ...files.map((file) => `*/extras/${file}`)];
    await run("tar", ["-xf", archive, "--strip-components=2", ...members], { cwd: source });
    mkdirSync(folder, { recursive: true });
    for (const file of files) renameSync(`${source}/${file}`, `${folder}/${file}`);
    rmSync(source, { recursive: true });
  },
};
