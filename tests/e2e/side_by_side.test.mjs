// Batches that share a provider, and one that has it for itself: who gets how much of it. What was measured is
// printed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { conserved, create, end, item, items, neverAskedAgain, textOf, upload, createFrom } from "./batches.mjs";
import { serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const narrow = 16;
const wide = 64;
let shared, own, server, client;

before(async () => {
  [shared, own] = [await Provider.start(), await Provider.start()];
  server = await serve({
    env: upstreams(
      { models: ["shared"], url: shared.url, concurrency: narrow },
      { models: ["m"], url: own.url, concurrency: wide },
    ),
  });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await shared?.stop();
  await own?.stop();
});

test("side by side: 5,000, 2,000 and 100 items at one provider → the small one ends long before the large ones", async (t) => {
  const made = [];
  for (const count of [5_000, 2_000, 100]) {
    const lines = Array.from({ length: count }, (_, index) =>
      item(`b${count}-${index}`, `slow ${20 + (index % 4) * 10}`, { model: "shared" }),
    );
    made.push({ count, lines, file: await upload(client, textOf(lines)) });
  }
  // The small one comes last, when the others have all there is.
  for (const one of made) one.batch = await createFrom(client, one.file.id);
  const start = performance.now();
  await Promise.all(
    made.map(async (one) => {
      one.last = await end(client, one.batch, 180_000);
      one.took = performance.now() - start;
    }),
  );
  for (const { last, lines } of made) {
    assert.equal(last.status, "completed");
    neverAskedAgain(await conserved(client, last, lines), shared);
  }
  const [large, middle, small] = made.map(({ took }) => took);
  const took = made.map(({ count, took }) => `${count} items: ${(took / 1000).toFixed(1)} s`);
  t.diagnostic(`${took.join(", ")}; ${shared.inFlightMax} requests at once`);
  const ideal = made.reduce((sum, { count }) => sum + count * 35, 0) / narrow;
  t.diagnostic(`all: ${(ideal / large).toFixed(2)} of the ideal rate`);
  assert.equal(shared.requests.length, 7_100, "each was asked once");
  assert.ok(shared.inFlightMax <= narrow, `${shared.inFlightMax} requests at once`);
  assert.ok(small < large / 3, "the small one doesn't wait for the large one");
  assert.ok(small < middle / 2, "nor for the middle one");
  assert.ok(middle < large, "the middle one ends before the large one");
});

/** How many of its slots a provider had in use, on average, from its first request to its last answer. */
function usedSlots({ requests }) {
  const first = requests[0].time;
  const last = Math.max(...requests.map(({ closed }) => closed));
  const busy = requests.reduce((sum, { time, closed }) => sum + closed - time, 0);
  return { used: busy / (last - first), ms: last - first };
}

test("side by side: 64 slots of a 100 ms provider → they are in use", async (t) => {
  const count = 3_840;
  const lines = items(count, "slow 100");
  const batch = await end(client, await create(client, lines), 120_000);
  neverAskedAgain(await conserved(client, batch, lines), own);
  assert.equal(own.requests.length, count);
  assert.ok(own.inFlightMax <= wide, `${own.inFlightMax} requests at once`);

  // A busy machine takes longer than 100 ms for one: what its own pace allows is the measure.
  const { used, ms } = usedSlots(own);
  const rate = count / (ms / 1000);
  t.diagnostic(
    `${rate.toFixed(0)} items/s: ${(rate / (wide / 0.1)).toFixed(2)} of the ideal 640/s; ` +
      `${used.toFixed(1)} of ${wide} slots in use: ${(used / wide).toFixed(2)}`,
  );
  assert.ok(used >= 0.6 * wide, `${used} of ${wide} slots were in use`);
});
