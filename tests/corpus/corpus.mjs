// Inputs that every host has to say the same of: small files, each of which shows one thing that
// people's files have, and larger ones that are made here.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

import { generated } from "./generated.mjs";

const folder = new URL("./", import.meta.url);
const suffix = ".jsonl";
const at = (name) => new URL(name, folder);

/** `[{ name, bytes }]`: the files of this folder. */
export const checkedIn = () =>
  readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => ({ name: file.slice(0, -suffix.length), bytes: readFileSync(at(file)) }));

/** … and those that are made: the same bytes at every call. */
export const files = () => [...checkedIn(), ...generated()];

const verdictOf = (name) => at(`${name}.verdict.json`);

/** The verdict on a file of this folder that was agreed upon; undefined if there is none yet. */
export function agreed(name) {
  try {
    return readFileSync(verdictOf(name), "utf8").replace(/\n$/, "");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

export const agree = (name, verdict) => writeFileSync(verdictOf(name), `${verdict}\n`);
