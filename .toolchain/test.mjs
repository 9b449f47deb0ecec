// npm test [-- STAGE...]: installs what is missing, builds, runs every stage or those named.
import { Stop, script } from "./command.mjs";
import { conclude, stage } from "./report.mjs";
import { ensure } from "./setup.mjs";
import { same, unit, wasm } from "./stages/catch2.mjs";
import { e2e } from "./stages/e2e.mjs";
import { tidy } from "./stages/tidy.mjs";
import { types } from "./stages/types.mjs";

const stages = ["tidy", "unit", "wasm", "types", "e2e"];

script(async () => {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !stages.includes(name));
  if (unknown) throw new Stop(`no stage "${unknown}"; there are: ${stages.join(", ")}`);
  const wanted = (name) => named.length === 0 || named.includes(name);

  await ensure({ tests: true });
  if (wanted("tidy")) await stage("tidy", tidy);
  const native = wanted("unit") && (await stage("unit", unit));
  const wasi = wanted("wasm") && (await stage("wasm", wasm));
  if (wanted("unit") && wanted("wasm")) await stage("same", () => same(native, wasi));
  if (wanted("types")) await stage("types", types);
  if (wanted("e2e")) await stage("e2e", e2e);
  conclude();
});
