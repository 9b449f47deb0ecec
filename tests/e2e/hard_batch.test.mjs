// A large batch in which everything is the matter at once. What was measured is printed.
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

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

const slow_ms = 60_000;
const failing = ["fail 1", "limit 1", "busy 1", "hangUp 1", "garble 1"];

/** 20,000 items: one is slow, one kills whoever asks for it, each hundredth fails at first. */
const hardLines = () =>
  Array.from({ length: 20_000 }, (_, index) => {
    if (index === 7) return item("slowest", `slow ${slow_ms}`);
    if (index === 12_345) return item("poison", "hold");
    if (index % 100 === 50) return item(`again${index}`, failing[((index - 50) / 100) % failing.length]);
    return item(`n${index}`, "slow 10");
  });

/** What this machine makes of so many items that are well. */
async function paceOf(count) {
  const start = performance.now();
  const batch = await create(client, items(count, "slow 10", "pace"));
  assert.equal((await end(client, batch, 120_000)).status, "completed");
  return performance.now() - start;
}

/** Until the batch ends, the server dies whenever the poison is asked for. From when to when it did. */
async function killedByPoison(batch, ms) {
  const kills = [];
  const isOver = async () => {
    if (provider.asked("poison").length > kills.length) {
      const from = performance.now();
      await server.kill();
      kills.push({ from, to: performance.now() });
      await start();
    }
    return ended.includes((await client.batches.retrieve(batch.id)).status);
  };
  await until("the batch ends", isOver, ms);
  return kills;
}

/** Requests for what had been asked for before, by what had become of that. */
function askedAgain(kills) {
  const why = { poison: 0, failed: 0, inFlight: 0, unstored: 0, unexplained: 0 };
  const before = new Map();
  for (const request of provider.requests) {
    const last = before.get(request.name);
    before.set(request.name, request);
    if (!last) continue;
    const kill = kills.find(({ from, to }) => last.time < to && request.time > from);
    if (request.name === "poison") why.poison += 1;
    else if (last.attempt === 1 && last.name.startsWith("again")) why.failed += 1;
    else if (kill) why[last.closed < kill.from ? "unstored" : "inFlight"] += 1;
    else why.unexplained += 1;
  }
  return why;
}

test("hard batch: 20,000 items, 1 % fail at first, one takes 60 s, one kills its server → ends in order, soon", async (t) => {
  const pace_count = 4_000;
  const pace_ms = await paceOf(pace_count);
  const lines = hardLines();
  const start_ms = performance.now();
  const batch = await create(client, lines);
  const kills = await killedByPoison(batch, 600_000);
  const took = performance.now() - start_ms;

  const last = await client.batches.retrieve(batch.id);
  assert.equal(last.status, "completed");
  const found = await conserved(client, last, lines);
  assert.deepEqual(tally(found), { 200: lines.length - 1, request_given_up: 1 });
  assert.equal(found.errors[0].custom_id, "poison");
  neverAskedAgain(found, provider);
  assert.ok(provider.inFlightMax <= concurrency, `${provider.inFlightMax} requests at once`);

  const ideal = Math.max(slow_ms, (pace_ms * lines.length) / pace_count);
  const again = askedAgain(kills);
  t.diagnostic(`${pace_count} items that are well: ${seconds(pace_ms)}`);
  t.diagnostic(`20,000: ${seconds(took)}; ideal ${seconds(ideal)}: ${(took / ideal).toFixed(2)} of it`);
  t.diagnostic(`killed ${kills.length} times, after ${kills.map(({ from }) => seconds(from - start_ms)).join(", ")}`);
  t.diagnostic(`asked again: ${JSON.stringify(again)}`);
  assert.equal(again.unexplained, 0);
  assert.ok(kills.length <= 2 + 4 + 3, "twice in its span, then in ever smaller parts, then alone");
  assert.ok(took < 4 * ideal, `${seconds(took)}, where ${seconds(ideal)} would do`);
});
