// clang-format over all C++ files.
import { attempt } from "../../.toolchain/command.mjs";
import { isCpp } from "./files.mjs";

const warning = /^(.+?:\d+):\d+: error: (.*)$/gm;

/** `files` by path; the first finding of each. */
export async function format(paths) {
  const cpp = paths.filter(isCpp);
  if (cpp.length === 0) return [];
  const { code, output } = await attempt("clang-format-19", ["--dry-run", "-Werror", ...cpp]);
  if (code === 0) return [];
  const first = new Map();
  for (const [, where] of output.matchAll(warning)) {
    const path = where.split(":")[0];
    if (!first.has(path)) first.set(path, `${where}: run clang-format-19 -i ${path}`);
  }
  return first.size ? [...first.values()] : [output.trim()];
}
