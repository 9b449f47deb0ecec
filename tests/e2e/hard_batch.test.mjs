// Large batches in which something is always the matter. A poison item and 20,000 others are apart, since every
// kill costs a start of the server, and a longer pause before the next run: the poison lies behind 2,000 others.
// What was measured is printed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { conserved, create, end, ended, item, items, neverAskedAgain, tally } from "./batches.mjs";
import { newFolder, serve, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const concurrency = 64;
const data = newFolder();
let provider, server, client;

async function start() {
  server = await serve({ data, env: upstreams({ url: provider.url, concurrency }) });
  client = server.client();
}

before(async () => {
  provider = await Provider.start();
  await start();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

const idOf = (line) => JSON.parse(line).custom_id;
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** How often each item was asked for. */
function timesAsked() {
  const times = new Map();
  for (const { name } of provider.requests) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}

async function timed(lines, ms) {
  const batch = await create(client, lines);
  const start = performance.now();
  const last = await end(client, batch, ms);
  assert.equal(last.status, "completed");
  return { batch: last, took: performance.now() - start };
}

test("hard batch: 20,000 items, 1 % asked twice, one that takes 20 s → ends about when it could", async (t) => {
  const slow_ms = 20_000;
  const failing = ["fail 1", "limit 1", "busy 1", "hangUp 1", "garble 1"];
  // What this machine makes of items that are well: the measure of all that follows.
  const pace_count = 4_000;
  const pace = await timed(items(pace_count, "slow 10", "pace"), 120_000);

  const lines = Array.from({ length: 20_000 }, (_, index) => {
    if (index === 7) return item("slowest", `slow ${slow_ms}`);
    if (index % 100 === 50) return item(`again${index}`, failing[((index - 50) / 100) % failing.length]);
    return item(`n${index}`, "slow 10");
  });
  const { batch, took } = await timed(lines, 300_000);
  const found = await conserved(client, batch, lines);
  assert.deepEqual(tally(found), { 200: 20_000 });
  neverAskedAgain(found, provider);
  const times = timesAsked();
  for (const line of lines) {
    const id = idOf(line);
    assert.equal(times.get(id), id.startsWith("again") ? 2 : 1, id);
  }
  assert.ok(provider.inFlightMax <= concurrency, `${provider.inFlightMax} requests at once`);

  // Nobody waits for the slow one, nor for the retries: only the items' number counts.
  const alone = (pace.took * lines.length) / pace_count;
  const ideal = Math.max(slow_ms, alone);
  t.diagnostic(`${pace_count} items that are well: ${seconds(pace.took)}`);
  t.diagnostic(`20,000: ${seconds(took)}; ideal ${seconds(ideal)}: ${(took / ideal).toFixed(2)} of it`);
  assert.ok(took < 2.5 * ideal, `${seconds(took)}, where ${seconds(ideal)} would do`);
});

test("hard batch: an item that kills whoever asks for it → it alone is given up, the others are answered", async (t) => {
  // The last span has 6 items; its halves are looked through until the item is alone.
  const [others, last] = [2_000, 6];
  const lines = [...items(others, "slow 10", "p"), ...items(last, "well", "near")];
  lines[others + 3] = item("poison", "hold");
  const killed = () => provider.asked("poison").length;
  const start_ms = performance.now();
  const batch = await create(client, lines);
  let kills = 0;
  const state = () => client.batches.retrieve(batch.id);
  await until(
    "the batch ends",
    async () => {
      if (killed() > kills) {
        kills = killed();
        await server.kill();
        await start();
      }
      return ended.includes((await state()).status);
    },
    240_000,
  );
  const end_ms = performance.now() - start_ms;
  const found = await conserved(client, await state(), lines);
  assert.deepEqual(tally(found), { 200: others + last - 1, request_given_up: 1 });
  assert.equal(found.errors[0].custom_id, "poison");
  neverAskedAgain(found, provider);
  const most = 2 + Math.ceil(Math.log2(last)) + 3;
  const times = timesAsked();
  const again = lines.map(idOf).filter((id) => id !== "poison" && times.get(id) > 1);
  t.diagnostic(`${kills} kills, ${seconds(end_ms)}; ${again.length} others were asked more than once`);
  assert.ok(kills <= most, `${kills} kills`);
});
