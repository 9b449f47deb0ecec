// 5,000 items through npm run batch, against a provider on this machine. What it took is printed.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { items, textOf } from "./batches.mjs";
import { Program, newFolder, peakOf, sleep, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const items_count = 5_000;
const concurrency = 64;

let provider;

before(async () => {
  provider = await Provider.start();
});
after(async () => {
  await provider?.stop();
});

test("large batch: 5,000 items → ended, in order, conserved, each asked once", async (t) => {
  const folder = newFolder();
  const path = (name) => join(folder, name);
  const lines = items(items_count, "slow 10");
  writeFileSync(path("in.jsonl"), textOf(lines));

  const env = {
    EDGEBATCH_DATA: path("data"),
    INIT_CWD: folder,
    ...upstreams({ url: provider.url, concurrency }),
  };
  const start = performance.now();
  const program = new Program("batch", ["in.jsonl", "-o", "out.jsonl"], { env });
  let peak = 0;
  while (program.running) {
    peak = Math.max(peak, peakOf(program.workerd));
    await sleep(100);
  }
  assert.equal(await program.ended, 0, program.stderr);
  const wall = (performance.now() - start) / 1000;

  const found = readFileSync(path("out.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    found.map(({ custom_id }) => custom_id),
    lines.map((line) => JSON.parse(line).custom_id),
  );
  assert.equal(provider.requests.length, items_count);
  assert.equal(new Set(provider.requests.map(({ name }) => name)).size, items_count);

  assert.ok(provider.inFlightMax <= concurrency, `${provider.inFlightMax} requests at once`);

  const times = provider.requests.map(({ time }) => time);
  const running = (times.at(-1) - times[0]) / 1000;
  t.diagnostic(`${provider.inFlightMax} requests at once`);
  t.diagnostic(
    `${Math.round(items_count / running)} items/s while it ran (${running.toFixed(1)} s)`,
  );
  t.diagnostic(`${wall.toFixed(1)} s from start to end`);
  t.diagnostic(`workerd: at most ${Math.round(peak)} MiB resident`);
});
