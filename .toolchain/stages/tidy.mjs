// The house rules: each check, and the tests that each check can fail.
import { build } from "../build.mjs";
import { nodeTests } from "../node_tests.mjs";
import { clangTidy } from "../../tests/tidy/clang_tidy.mjs";
import { paths, read } from "../../tests/tidy/files.mjs";
import { format } from "../../tests/tidy/format.mjs";
import { hosts } from "../../tests/tidy/hosts.mjs";
import { includes } from "../../tests/tidy/includes.mjs";
import { purity } from "../../tests/tidy/purity.mjs";
import { registries } from "../../tests/tidy/registries.mjs";
import { sizes } from "../../tests/tidy/sizes.mjs";

const ms_max = 180_000; // Of a clean clone's 15 minutes for all of `npm test`.

/** `all`: clang-tidy over every file, not only over those that changed. */
export async function tidy({ all = false } = {}) {
  const tests = await nodeTests("tests/tidy");
  await build("tidy", "build.ninja", { tests: true }); // The list of what is compiled, and how.
  const files = read();
  const { messages, checked, left } = await clangTidy(all ? { all } : { ms_max });
  const found = {
    includes: includes(files),
    purity: purity(files),
    hosts: hosts(files),
    sizes: sizes(files),
    registries: registries(files),
    "clang-format": await format(paths()),
    "clang-tidy": messages,
  };
  for (const [name, list] of Object.entries(found)) {
    for (const message of list) console.error(`${name}: ${message}`);
  }
  const names = Object.keys(found);
  const broken = names.filter((name) => found[name].length);
  const scope = `clang-tidy: ${checked} files${left ? `, ${left} left to npm run soak` : ""}`;
  const verdict = broken.length ? `broken: ${broken.join(", ")}` : `${names.length} rules kept`;
  return {
    passed: tests.passed + names.length - broken.length,
    failed: tests.failed + broken.length,
    line: `${verdict}, ${tests.passed} self-tests passed, ${tests.failed} failed; ${scope}`,
  };
}
