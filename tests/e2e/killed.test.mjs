// SIGKILL of the whole process group at bad moments, then a start on the same data: batches go on by
// themselves, and nothing that was acknowledged is lost.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";

import { conserved, create, end, ended, item, items, neverAskedAgain, watch } from "./batches.mjs";
import { key, newFolder, serve, sleep, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;
const data = newFolder();

async function start() {
  const env = { ...upstreams({ url: provider.url, concurrency: 24 }), EDGEBATCH_WINDOWS: "24h" };
  server = await serve({ data, env });
  client = server.client();
}

async function restart() {
  await server.kill();
  await start();
}

before(async () => {
  provider = await Provider.start();
  await start();
});
after(async () => {
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

/** Numbers from 0 to 1 that look random and are the same in every run. */
function* dice(seed) {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const idOf = (line) => JSON.parse(line).custom_id;
const askedOf = (lines) => {
  const names = new Set(lines.map(idOf));
  return provider.requests.filter(({ name }) => names.has(name));
};

/** The batch ended as it should, whatever happened on the way. */
async function survived(batch, lines, statuses = ["completed"]) {
  const last = await end(client, batch, 90_000);
  assert.ok(statuses.includes(last.status), JSON.stringify(last));
  const found = await conserved(client, last, lines);
  neverAskedAgain(found, provider);
  return { batch: last, ...found };
}

test("SIGKILL: two spans are leased and letters wait → goes on by itself, what is stored isn't asked again", async () => {
  provider.holdAgain();
  const lines = [
    ...items(500, "large 4000", "stored"),
    ...items(490, "well", "lost"),
    ...items(16, "hold", "held"),
    ...items(494, "well", "last"),
  ];
  const batch = await create(client, lines);
  // 500 items a span: the first is stored, the other two wait for what is held.
  const before = await watch(
    client,
    batch,
    ({ request_counts }) => request_counts.completed === 500,
  );
  await until("two spans are leased", () => {
    const held = provider.held.map((name) => Number(name.slice("held".length)));
    return held.some((index) => index < 10) && held.some((index) => index >= 10);
  });
  const asked = askedOf(lines).length;
  const later = items(20, "well", "later");
  const laterBatch = await create(client, later); // Its letters are still on their way.
  await restart();

  // Nobody asks the server for anything.
  await until(
    "it goes on by itself",
    () => askedOf(lines).length > asked && askedOf(later).length >= 20,
  );
  provider.release();
  const { batch: last, output } = await survived(batch, lines);
  assert.equal(last.in_progress_at, before.in_progress_at);
  assert.equal(output.length, 1_500);
  for (const line of lines.slice(0, 500))
    assert.equal(provider.asked(idOf(line)).length, 1, idOf(line));
  for (const line of lines) assert.ok(provider.asked(idOf(line)).length <= 2, "once more at most");
  await survived(laterBatch, later);
});

test("SIGKILL: just created → validated and completed by itself", async () => {
  const lines = items(800, "well", "young");
  const batch = await create(client, lines);
  await restart();
  await until("it goes on by itself", () => askedOf(lines).length >= 800);
  await survived(batch, lines);
});

test("SIGKILL: while a bad input is being looked through → failed, with all of its errors", async () => {
  const lines = Array.from({ length: 1_500 }, (_, index) => (index % 2 ? item(`v${index}`) : "[]"));
  const batch = await create(client, lines);
  await restart();
  const failed = await end(client, batch);
  assert.equal(failed.status, "failed");
  assert.deepEqual(
    failed.errors.data.map(({ line }) => line),
    Array.from({ length: 750 }, (_, index) => 2 * index + 1),
  );
});

test("SIGKILL: while it is being cancelled → cancelled, with a line for every item", async () => {
  provider.holdAgain();
  const lines = [...items(500, "well", "paid"), ...items(900, "hold", "unpaid")];
  const batch = await create(client, lines);
  await watch(client, batch, ({ request_counts }) => request_counts.completed === 500);
  const cancelling = await client.batches.cancel(batch.id);
  await restart();
  const asked = askedOf(lines).length;
  const { batch: last, output } = await survived(batch, lines, ["cancelled"]);
  assert.equal(last.cancelling_at, cancelling.cancelling_at);
  assert.equal(output.length, 500);
  assert.equal(askedOf(lines).length, asked, "nothing was asked any more");
});

test("SIGKILL: while last lines are stored and files registered → each completed once", async (t) => {
  const seen = [];
  for (let round = 0; round < 2; ++round) {
    provider.holdAgain();
    const made = [];
    for (let index = 0; index < 8; ++index) {
      const name = `round${round}-${index}-`;
      const lines = [...items(5, "well", name), item(`${name}last`, "hold")];
      made.push({ lines, batch: await create(client, lines) });
    }
    await until("one of each is left", () => provider.held.length === made.length);
    provider.release();
    // As soon as one is seen to have all its lines, the others are about to.
    const past = await until("the first comes through", async () => {
      const { data } = await client.batches.list({ limit: made.length });
      const states = data.map(({ status }) => status);
      return states.some((status) => ["finalizing", "completed"].includes(status)) && states;
    });
    await restart();
    seen.push(past.join(", "));
    for (const { batch, lines } of made) await survived(batch, lines);
    const names = (await client.files.list({ purpose: "batch_output" })).data.map(
      ({ filename }) => filename,
    );
    assert.equal(new Set(names).size, names.length, "no file was registered twice");
  }
  t.diagnostic(`states seen before the kills: ${seen.join("; ")}`);
});

// Longer, and otherwise: EDGEBATCH_KILLS=30 EDGEBATCH_SEED=7 node --test tests/e2e/killed.test.mjs
const kills = Number(process.env.EDGEBATCH_KILLS ?? 6);
const seed = Number(process.env.EDGEBATCH_SEED ?? 20_261_122);

test(`SIGKILL: ${kills} times at random moments → every batch ends, conserved`, async (t) => {
  const random = dice(seed);
  const roll = (from, to) => Math.round(from + (to - from) * random.next().value);
  const batches = [];
  const moments = [];
  for (let round = 0; round < kills; ++round) {
    const lines = [
      ...items(400, `large ${roll(10, 6_000)}`, `r${round}a`),
      ...items(200, "slow 20", `r${round}b`),
    ];
    const batch = await create(client, lines);
    const cancel = round % 3 === 2;
    moments.push(roll(50, 800));
    await sleep(moments.at(-1) / 2);
    // It may have ended by then.
    if (cancel)
      await client.batches.cancel(batch.id).catch(({ status }) => assert.equal(status, 409));
    await sleep(moments.at(-1) / 2);
    batches.push({ batch, lines, statuses: cancel ? ["cancelled", "completed"] : ["completed"] });
    await restart();
  }
  t.diagnostic(`seed ${seed}: killed after ${moments.join(", ")} ms`);
  const ends = [];
  for (const { batch, lines, statuses } of batches)
    ends.push((await survived(batch, lines, statuses)).batch);
  t.diagnostic(
    ends.map(({ status, request_counts }) => `${status} ${request_counts.completed}`).join(", "),
  );
  const listed = (await client.batches.list({ limit: 100 })).data;
  for (const batch of ends)
    assert.deepEqual(
      listed.find(({ id }) => id === batch.id),
      batch,
    );
  assert.ok(listed.every(({ status }) => ended.includes(status)));
});

test("SIGKILL: during an upload → the file never appears", async () => {
  const known = (await client.files.list()).data.map(({ id }) => id);
  const upload = request(`${server.url}/v1/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "multipart/form-data; boundary=b" },
  });
  const broken = new Promise((resolve) => upload.on("error", resolve));
  upload.write('--b\r\nContent-Disposition: form-data; name="file"; filename="in.jsonl"\r\n\r\n');
  const line = `${item("x", "well", { padding: "x".repeat(100_000) })}\n`;
  for (let index = 0; index < 60; ++index) upload.write(line); // More than a part.
  await sleep(500);
  await restart();
  await broken;
  assert.deepEqual(
    (await client.files.list()).data.map(({ id }) => id),
    known,
  );
});
