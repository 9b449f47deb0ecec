// clang-tidy, over what changed or over everything, two files at a time. A file is checked once
// as long as neither it, nor a file it includes, nor the settings change.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";

import { attempt } from "../../.toolchain/command.mjs";
import { at, root } from "../../.toolchain/paths.mjs";
import { git, isCpp } from "./files.mjs";

const database = at("build/tidy/compile_commands.json");

/** Every file of ours that is compiled, with its command. */
function units() {
  const commands = JSON.parse(readFileSync(database, "utf8"));
  return commands
    .map(({ file, command }) => ({ path: relative(root, file), command }))
    .filter(({ path }) => !path.startsWith("..") && !path.startsWith("build"))
    .sort((a, b) => a.path.localeCompare(b.path)); // core, handlers, then tests.
}

/** Paths that differ from what the upstream branch has, or else from the last commit's parent. */
export function changed() {
  const ask = (...args) => {
    try {
      return git(...args).split("\n").filter(Boolean);
    } catch {
      return []; // No upstream, or no parent.
    }
  };
  const uncommitted = [
    ...ask("diff", "--name-only", "HEAD"),
    ...ask("ls-files", "--others", "--exclude-standard"),
  ];
  const ahead = ask("diff", "--name-only", "@{upstream}...HEAD");
  const committed = ahead.length ? ahead : ask("diff", "--name-only", "HEAD~1", "HEAD");
  return [...new Set([...uncommitted, ...committed])].filter(isCpp);
}

/** The units that show a change: a source itself; of a header its own source, or one includer. */
export function unitsFor(changedPaths, all, textOf) {
  const sources = all.map(({ path }) => path);
  const showing = (path) => {
    if (sources.includes(path)) return path;
    const own = path.replace(/\.hpp$/, ".cpp");
    if (sources.includes(own)) return own;
    return sources.find((source) => textOf(source).includes(`"${path}"`));
  };
  const wanted = new Set(changedPaths.map(showing));
  return all.filter(({ path }) => wanted.has(path));
}

async function fingerprint({ command }) {
  const [compiler, ...args] = command
    .split(" ")
    .filter((word) => word && !word.endsWith("ccache"))
    .map((word) => word.replaceAll("\\", ""));
  const output = args.indexOf("-o");
  args.splice(output, 2);
  const { code, output: rule } = await attempt(compiler, [...args, "-MM"], { cwd: at("build/tidy") });
  if (code !== 0) return null; // clang-tidy will say why.
  const files = rule.replace(/^[^:]*:/, "").split(/[\s\\]+/).filter(Boolean);
  const hash = createHash("sha256").update(command).update(readFileSync(at(".clang-tidy")));
  for (const path of files) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

async function check(unit) {
  const print = await fingerprint(unit);
  const good = print && at("build/tidy/checked", print);
  if (good && existsSync(good)) return null;
  const { code, output } = await attempt("clang-tidy-19", [
    "--quiet",
    "-p",
    at("build/tidy"),
    at(unit.path),
  ]);
  if (code === 0) {
    mkdirSync(at("build/tidy/checked"), { recursive: true });
    if (good) writeFileSync(good, unit.path);
    return null;
  }
  return output.replaceAll(`${root}/`, "").replace(/^\d+ warnings? .*\n/gm, "").trim();
}

/**
 * Messages, and how many files were checked and how many left out. `all`: not only what changed.
 * Stops starting files after `ms_max`: a clean clone's `npm test` has its own limit.
 */
export async function clangTidy({ all = false, ms_max = Infinity } = {}) {
  const textOf = (path) => readFileSync(join(root, path), "utf8");
  const queue = all ? units() : unitsFor(changed(), units(), textOf);
  const count = queue.length;
  const end = performance.now() + ms_max;
  const messages = [];
  const worker = async () => {
    while (queue.length && performance.now() < end) {
      const message = await check(queue.shift());
      if (message) messages.push(message);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return { messages, checked: count - queue.length, left: queue.length };
}
