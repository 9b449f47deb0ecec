// What package-lock.json names, in node_modules.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { run } from "./command.mjs";
import { at } from "./paths.mjs";

// `npm ci` empties node_modules, and this mark with it. Times can't tell: git sets them anew.
const mark = at("node_modules/.edgebatch-lock");
const wanted = () => createHash("sha256").update(readFileSync(at("package-lock.json"))).digest("hex");

export const npmPackages = {
  what: "npm packages",
  present: () => existsSync(mark) && readFileSync(mark, "utf8") === wanted(),
  possible: () => true,
  otherwise: "npm ci",

  async install() {
    await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]);
    writeFileSync(mark, wanted());
  },
};
