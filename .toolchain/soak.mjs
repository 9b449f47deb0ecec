// npm run soak: everything of npm test, and what takes long.
import { script } from "./command.mjs";
import { fuzz, targets } from "./fuzz.mjs";
import { conclude, stage } from "./report.mjs";
import { ensure } from "./setup.mjs";
import { same, unit, wasm } from "./stages/catch2.mjs";
import { e2e } from "./stages/e2e.mjs";
import { tidy } from "./stages/tidy.mjs";
import { types } from "./stages/types.mjs";

const orders = [1, 2, 3, 4, 5]; // Seeds: a test must not lean on those before it.
const e2e_count = 3;
const fuzz_s = Number(process.env.FUZZ_SECONDS ?? 1800); // Of each target.

script(async () => {
  await ensure({ tests: true });
  await stage("tidy", () => tidy({ all: true }));
  // [.soak] tests are too long for npm test.
  const native = await stage("unit", () => unit(["*,[.soak]"]));
  const wasi = await stage("wasm", () => wasm(["*,[.soak]"]));
  await stage("same", () => same(native, wasi));
  for (const seed of orders) {
    await stage(`order ${seed}`, () => unit(["--order", "rand", "--rng-seed", String(seed)]));
  }
  for (const target of Object.keys(targets)) await stage(`fuzz ${target}`, () => fuzz(target, fuzz_s));
  await stage("types", types);
  process.env.EDGEBATCH_SOAK = "1"; // For e2e tests that are too long for npm test, too.
  for (let run = 1; run <= e2e_count; ++run) await stage(`e2e ${run}`, e2e);
  conclude();
});
