// 5,000 items over a handful of files, in one request. What it took is printed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { asTheFileSays, Provider } from "./provider.mjs";
import { conserved, creation, end, item } from "./datagrid.mjs";
import { serve, upstreams } from "./harness.mjs";

const items_count = 5_000;
const concurrency = 64;

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url, concurrency }) });
  client = server.datagrid();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

const ticks_s = 100; // Linux says so to every program.

/** Seconds of CPU that a process has used, in user and system mode. */
function cpu_s(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / ticks_s;
}

test("large batch: 5,000 items of five files in one request → ended, in order, conserved", async (t) => {
  const names = ["one", "two", "three", "four", "five"];
  const files = await Promise.all(
    names.map((name) => item(client, name, name === "five" ? "status 400" : "slow 5")),
  );
  const items = Array.from({ length: items_count }, (_, index) => {
    return { custom_id: `item ${index}`, file_id: files[index % files.length].file_id };
  });
  // As the SDK writes it; and without its time.
  const body = JSON.stringify(creation(items, { prompt: asTheFileSays }), null, 2);

  const before = cpu_s(server.workerd);
  const start = performance.now();
  const response = await server.fetch("/batch-predictions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const [cpu, wall] = [cpu_s(server.workerd) - before, performance.now() - start];
  assert.equal(response.status, 201);
  const batch = await response.json();
  assert.equal(batch.request_counts.processing, items_count);

  const completed = await end(client, batch); // At every look, the counts sum up.
  assert.equal(completed.status, "completed");
  assert.equal(completed.request_counts.succeeded, (items_count * 4) / 5);
  const lines = await conserved(client, completed, items);
  for (const [index, { output, error }] of lines.entries()) {
    const name = names[index % names.length];
    if (name === "five") assert.match(error.detail, /no, five/);
    else assert.equal(output.said, `hello ${name}`);
  }
  const numbers = lines.flatMap(({ output }) => (output ? [output.number] : []));
  assert.equal(new Set(numbers).size, numbers.length, "each has an answer of its own");
  assert.equal(provider.requests.length, items_count, "each asked once");
  assert.ok(provider.inFlightMax <= concurrency, `${provider.inFlightMax} requests at once`);

  const times = provider.requests.map(({ time }) => time);
  const running = (times.at(-1) - times[0]) / 1000;
  t.diagnostic(`create: ${Math.round(Buffer.byteLength(body) / 1000)} kB`);
  t.diagnostic(`create: ${cpu.toFixed(2)} s of workerd's CPU, ${Math.round(wall)} ms`);
  t.diagnostic(
    `${Math.round(items_count / running)} items/s while it ran (${running.toFixed(1)} s)`,
  );
});
