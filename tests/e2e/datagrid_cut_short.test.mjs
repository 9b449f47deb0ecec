// Batch predictions that end before all of their items have run: cancelled, or out of time. What was
// finished is kept, and the rest says so.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { ConflictError } from "datagrid-ai";

import {
  checkProblem,
  checkView,
  conserved,
  create,
  end,
  item,
  shared,
  tally,
  thrown,
} from "./datagrid.mjs";
import { countingFetch, serve, sleep, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  const env = { EDGEBATCH_WINDOWS: "3s", ...upstreams({ url: provider.url, concurrency: 8 }) };
  server = await serve({ env });
  client = server.datagrid();
});
after(async () => {
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

const asked = (name) => provider.asked(name).length;

/** Items of one kind share a file, and a name at the provider. */
async function items(kinds) {
  const all = [];
  for (const [name, [count, does]] of Object.entries(kinds))
    all.push(...shared(count, name, await item(client, name, does)));
  return all;
}

/** The SDK asks once only, and the batch stays as it was. */
async function cannotCancel(batch) {
  const counting = countingFetch();
  const ask = server.datagrid({ fetch: counting }).batchPredictions.cancel(batch.id);
  const error = await thrown(ask, ConflictError);
  assert.equal(error.headers["x-should-retry"], "false");
  const detail = checkProblem(error.error, "conflict", 409);
  assert.ok(detail.includes(`'${batch.status}'`), detail);
  assert.equal(counting.requests, 1);
  assert.deepEqual(await client.batchPredictions.retrieve(batch.id), batch);
}

describe("side by side", { concurrency: true }, () => {
  test("cancel: while it runs → what is in flight is kept, the rest says so, nothing more is asked", async () => {
    const all = await items({ quick: [20, "well"], held: [1_000, "hold"] });
    const batch = await create(client, all);
    await until("all lanes wait", () => provider.held.length === 8);
    const cancelling = await client.batchPredictions.cancel(batch.id);
    checkView(cancelling, 1_020);
    assert.equal(cancelling.status, "cancelling");

    const again = await client.batchPredictions.cancel(batch.id);
    // But what isn't in flight gets its lines at once.
    const { request_counts } = again;
    assert.deepEqual(again, { ...cancelling, request_counts }, "unchanged");

    // Runners hear of it when they renew their leases, every 10 s; until then they go on.
    await sleep(11_000);
    provider.releaseOnly(/^held$/);
    const cancelled = await end(client, batch);
    assert.equal(cancelled.status, "cancelled");
    assert.equal(cancelled.cancelling_at, cancelling.cancelling_at);
    assert.equal(cancelled.finalizing_at, null);
    const lines = await conserved(client, cancelled, all);
    assert.deepEqual(tally(lines), { succeeded: 28, batch_cancelled: 992 });
    assert.ok(lines.slice(0, 20).every(({ status }) => status === "succeeded"));
    for (const { error } of lines.filter(({ status }) => status === "canceled"))
      checkProblem(error, "batch_cancelled", 409);
    assert.deepEqual([asked("quick"), asked("held")], [20, 8], "each asked once, the others never");
    assert.deepEqual(await client.batchPredictions.cancel(batch.id), cancelled, "unchanged");
  });

  test("expired: the provider is slow → finished items are kept, the others say so", async () => {
    const all = await items({ swift: [10, "well"], slow: [60, "slow 1000"] });
    const batch = await create(client, all, { completion_window: "3s" });
    assert.equal(batch.completion_window, "3s");
    assert.equal(new Date(batch.expires_at) - new Date(batch.created_at), 3_000);
    const expired = await end(client, batch);
    assert.equal(expired.status, "expired");
    assert.ok(expired.expired_at >= expired.expires_at);
    assert.deepEqual([expired.finalizing_at, expired.cancelling_at], [null, null]);

    const lines = await conserved(client, expired, all);
    const { succeeded: kept, batch_expired: rest, ...others } = tally(lines);
    assert.deepEqual(others, {});
    assert.ok(kept > 10 && rest > 10, `${kept} kept, ${rest} expired`);
    for (const { error } of lines.filter(({ status }) => status === "expired"))
      checkProblem(error, "batch_expired", 408);
    assert.equal(asked("swift") + asked("slow"), kept, "all that was asked is kept");
    await cannotCancel(expired);
  });

  test("cancel: of a completed batch → 409 once, and it stays as it was", async () => {
    const completed = await end(client, await create(client, await items({ done: [2, "well"] })));
    assert.equal(completed.status, "completed");
    await cannotCancel(completed);
  });

  test("cancel: before anything ran → every item says so, and nothing is asked", async () => {
    // Mostly the cancel is faster than the plan; an attempt or two may be needed.
    let cancelled, all, name;
    for (let attempt = 0; attempt < 20 && cancelled?.in_progress_at !== null; ++attempt) {
      name = `early${attempt}-`;
      all = await items({ [name]: [40, "well"] });
      const batch = await create(client, all);
      await client.batchPredictions.cancel(batch.id);
      cancelled = await end(client, batch);
      assert.equal(cancelled.status, "cancelled");
      const { succeeded = 0 } = tally(await conserved(client, cancelled, all));
      assert.equal(succeeded, asked(name), "what was asked is kept");
    }
    assert.equal(cancelled.in_progress_at, null, "never faster than the plan");
    const lines = await conserved(client, cancelled, all);
    assert.deepEqual(tally(lines), { batch_cancelled: 40 });
  });

  test("cancel: of a batch whose files are missing → a line each, whoever was first", async () => {
    const all = shared(3, "lost", { file_id: "file_nope" });
    const batch = await create(client, all);
    const ask = client.batchPredictions.cancel(batch.id, { maxRetries: 0 });
    await ask.catch(({ status }) => assert.equal(status, 409));
    const last = await end(client, batch);
    const kinds = { failed: { file_not_found: 3 }, cancelled: { batch_cancelled: 3 } };
    assert.deepEqual(tally(await conserved(client, last, all)), kinds[last.status]);
  });

  test("window: one that the server doesn't allow → refused", async () => {
    const ask = create(client, await items({ window: [1, "well"] }), { completion_window: "1h" });
    await assert.rejects(ask, ({ status, error }) => {
      assert.equal(status, 422);
      assert.deepEqual(
        error.errors.map(({ pointer }) => pointer),
        ["/completion_window"],
      );
      return true;
    });
  });
});
