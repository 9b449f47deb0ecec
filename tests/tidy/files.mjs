// The files of this checkout as git sees them: tracked, or new and not ignored.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../.toolchain/paths.mjs";

export const git = (...args) =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

export const paths = () =>
  git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    .split("\0")
    .filter((path) => path && existsSync(join(root, path)));

export const isCpp = (path) => /\.(cpp|hpp)$/.test(path);
const isText = (path) => !/\.(png|jpg|gif|ico|woff2?|wasm|pdf|gz|zip)$/.test(path);

/** Every text file as { path, lines }. A check is a function from these to messages. */
export const read = () =>
  paths()
    .filter(isText)
    .map((path) => file(path, readFileSync(join(root, path), "utf8")));

export const file = (path, text) => ({ path, lines: text.replace(/\n$/, "").split("\n") });

/** One message per line of `file` that `judge` has something to say about. */
export const perLine = ({ path, lines }, judge) =>
  lines.flatMap((line, index) => {
    const message = judge(line);
    return message ? [`${path}:${index + 1}: ${message}`] : [];
  });
