// The JSON Schema Test Suite in real workerd, with the counts of the C++ tests (tests/unit/schema), which run
// natively and in wasmtime.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { Miniflare } from "miniflare";

import { build } from "../../.toolchain/build.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { groups } from "../../.toolchain/stages/json_schema_suite.mjs";
import { core } from "../bench/schema/methods.mjs";

let miniflare;
let url;
let wasm;

before(async () => {
  await build("wasi", "edgebatch_schema");
  wasm = readFileSync(at("build/wasi/edgebatch_schema.wasm"));
  const root = at("tests");
  const module = (name, path) => ({ type: "ESModule", path: `${root}/${name}`, contents: readFileSync(at(path)) });
  miniflare = new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    port: 0,
    modulesRoot: root,
    modules: [
      module("worker.mjs", "tests/e2e/schema_suite_worker.mjs"),
      module("methods.mjs", "tests/bench/schema/methods.mjs"),
      { type: "CompiledWasm", path: `${root}/edgebatch_schema.wasm`, contents: wasm },
    ],
  });
  url = await miniflare.ready;
});
after(() => miniflare.dispose());

test("schema: every group of the test suite in workerd → as natively, and as in Node", async () => {
  const all = groups();
  const body = JSON.stringify(all.map(({ schema, tests }) => ({ schema, answers: tests.map(({ data }) => data) })));
  const results = await (await fetch(url, { method: "POST", body })).json();
  const here = core(new WebAssembly.Module(wasm));
  const counts = { passed: 0, refused: 0, otherwise: 0 };
  all.forEach(({ name, schema, refused, decided, tests }, index) => {
    const { flaws, fits } = results[index];
    assert.deepEqual(here.compile(schema), flaws, name);
    if (refused.length) {
      const unsupported = flaws.filter((flaw) => flaw.startsWith("unsupported_keyword "));
      assert.deepEqual(unsupported.map((flaw) => flaw.slice(20)).sort(), refused, name);
      ++counts.refused;
      return;
    }
    const encoded = tests.map(({ data }) => new TextEncoder().encode(data));
    assert.deepEqual(encoded.map((bytes) => here.fits(bytes)), fits, name);
    const passes = flaws.length === 0 && tests.every(({ valid }, at) => fits[at] === valid);
    assert.ok(passes || decided, name);
    ++counts[passes ? "passed" : "otherwise"];
  });
  console.log(`${all.length} groups: ${JSON.stringify(counts)}`);
  assert.deepEqual(counts, { passed: 226, refused: 182, otherwise: 30 });
});
