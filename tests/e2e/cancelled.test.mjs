// Batches that are cancelled: what is paid for is kept, and nothing more is asked.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { conserved, create, end, item, items, tally, watch } from "./batches.mjs";
import { serve, sleep, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url, concurrency: 8 }) });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});
beforeEach(() => provider.holdAgain());
afterEach(() => provider.release());

function checkCancelled(batch) {
  assert.equal(batch.status, "cancelled", JSON.stringify(batch));
  assert.ok(batch.cancelling_at >= batch.created_at);
  assert.ok(batch.cancelled_at >= batch.cancelling_at);
  assert.deepEqual([batch.completed_at, batch.failed_at, batch.expired_at], [null, null, null]);
}

/** Creates a batch and cancels it at once. */
async function cancelEarly(attempt) {
  const lines = items(40, "well", `early${attempt}-`);
  const batch = await create(client, lines);
  const { status, in_progress_at } = await client.batches.cancel(batch.id);
  assert.equal(status, "cancelling");
  const cancelled = await end(client, batch);
  checkCancelled(cancelled);
  const found = await conserved(client, cancelled, lines);
  const asked = provider.requests.filter(({ name }) => name.startsWith(`early${attempt}-`)).length;
  assert.equal(found.output.length, asked, "what was asked is kept");
  return { ...found, cancelled, asked, notStarted: in_progress_at === null };
}

test("cancel: before anything ran → every item says so, and nothing is asked", async () => {
  // Side by side, so that plans have to wait for their turns, and some cancel is faster than its plan.
  const attempts = await Promise.all(Array.from({ length: 20 }, (_, k) => cancelEarly(k)));
  const early = attempts.find(({ notStarted }) => notStarted);
  assert.ok(early, "never faster than the plan");
  assert.equal(early.asked, 0);
  assert.equal(early.cancelled.output_file_id, null);
  assert.equal(early.cancelled.in_progress_at, null);
  for (const line of early.errors) {
    assert.equal(line.response, null);
    assert.deepEqual(line.error, {
      code: "batch_cancelled",
      message: "This request was not executed because the batch was cancelled.",
    });
  }
});

test("cancel: while it runs → what is in flight is kept, the rest says so, nothing more is asked", async () => {
  const lines = [...items(20, "well", "quick"), ...items(30, "hold", "held")];
  const batch = await create(client, lines);
  await until("all lanes wait", () => provider.held.length === 8);
  const cancelling = await client.batches.cancel(batch.id);
  assert.equal(cancelling.status, "cancelling");
  assert.equal(cancelling.request_counts.total, 50);
  assert.deepEqual([cancelling.output_file_id, cancelling.error_file_id], [null, null]);

  const again = await client.batches.cancel(batch.id);
  assert.equal(again.status, "cancelling");
  assert.equal(again.cancelling_at, cancelling.cancelling_at);

  // The runner hears of it when it renews its lease, every 10 s; until then it goes on with what it has.
  await sleep(11_000);
  provider.release();
  const cancelled = await end(client, batch);
  checkCancelled(cancelled);
  const found = await conserved(client, cancelled, lines);
  assert.deepEqual(tally(found), { 200: 28, batch_cancelled: 22 });
  assert.deepEqual(
    found.output.slice(0, 20).map(({ custom_id }) => custom_id),
    [...Array(20).keys()].map((i) => `quick${i}`),
  );
  assert.equal(cancelled.usage.total_tokens, 28 * 8);
  const names = provider.requests
    .map(({ name }) => name)
    .filter((name) => /^(quick|held)/.test(name));
  assert.equal(names.length, 28, "each asked once, the others never");
  assert.equal(new Set(names).size, 28);
});

test("cancel: of a cancelled batch → the same batch again", async () => {
  const batch = await create(client, items(3, "well", "twice"));
  await client.batches.cancel(batch.id);
  const cancelled = await end(client, batch);
  checkCancelled(cancelled);
  assert.deepEqual(await client.batches.cancel(batch.id), cancelled);
});

test("cancel: of a completed or failed batch → 409, and the SDK doesn't try again", async () => {
  for (const [lines, status] of [
    [items(2, "well", "done"), "completed"],
    [["{}"], "failed"],
  ]) {
    const batch = await end(client, await create(client, lines));
    let requests = 0;
    const counting = client.withOptions({
      fetch: (...request) => {
        requests += 1;
        return fetch(...request);
      },
    });
    await assert.rejects(counting.batches.cancel(batch.id), (error) => {
      assert.equal(error.status, 409);
      assert.equal(error.headers.get("x-should-retry"), "false");
      assert.deepEqual(error.error, {
        message: `Cannot cancel a batch with status '${status}'.`,
        type: "invalid_request_error",
        param: null,
        code: null,
      });
      return true;
    });
    assert.equal(requests, 1);
    assert.deepEqual(await client.batches.retrieve(batch.id), batch, "it stays as it was");
  }
});

test("cancel: of a batch whose input can't be run → ends without files, or had failed before", async () => {
  const batch = await create(client, ["{}", item("b")]);
  await client.batches.cancel(batch.id).catch((error) => assert.equal(error.status, 409));
  const ended = await end(client, batch);
  assert.ok(["cancelled", "failed"].includes(ended.status));
  assert.deepEqual([ended.output_file_id, ended.error_file_id], [null, null]);
});

test("cancel: counts while it drains → never more than there are", async () => {
  const lines = [...items(600, "well", "many"), ...items(600, "hold", "wait")];
  const batch = await create(client, lines);
  await watch(client, batch, ({ request_counts }) => request_counts.completed >= 500);
  await client.batches.cancel(batch.id);
  provider.release();
  const cancelled = await end(client, batch);
  checkCancelled(cancelled);
  await conserved(client, cancelled, lines);
});
