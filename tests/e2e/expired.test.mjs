// Batches whose window ends before they do: what was finished is kept, the rest says so.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { conserved, create, end, items, tally } from "./batches.mjs";
import { serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  const env = { EDGEBATCH_WINDOWS: "3s,24h", ...upstreams({ url: provider.url, concurrency: 4 }) };
  server = await serve({ env });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

describe("side by side", { concurrency: true }, () => {
  test("expired: the provider is slow → finished items are kept, the others say so", async () => {
    const lines = [...items(10, "well", "quick"), ...items(60, "slow 1000", "slow")];
    const batch = await create(client, lines, { window: "3s" });
    assert.equal(batch.expires_at - batch.created_at, 3);
    assert.equal(batch.completion_window, "3s");
    const expired = await end(client, batch);
    assert.equal(expired.status, "expired", JSON.stringify(expired));
    assert.ok(expired.expired_at >= expired.expires_at);
    assert.deepEqual(
      [expired.completed_at, expired.cancelled_at, expired.finalizing_at],
      [null, null, null],
    );

    const found = await conserved(client, expired, lines);
    const { 200: kept, batch_expired: rest, ...others } = tally(found);
    assert.deepEqual(others, {});
    assert.ok(kept > 10 && rest > 10, `${kept} kept, ${rest} expired`);
    assert.deepEqual(found.errors[0].response, null);
    assert.deepEqual(found.errors[0].error, {
      code: "batch_expired",
      message: "This request could not be executed before the completion window expired.",
    });
    const asked = provider.requests.filter(({ name }) => /^(quick|slow)/.test(name));
    assert.equal(asked.length, kept, "each asked once, and all that was asked is kept");
    assert.equal(expired.usage.total_tokens, kept * 8);

    await assert.rejects(client.batches.cancel(batch.id), { status: 409 });
  });

  test("expired: retries go on when the window ends → these items expire too", async () => {
    const lines = [...items(2, "well", "good"), ...items(2, "limit 60", "limited")];
    const expired = await end(client, await create(client, lines, { window: "3s" }), 90_000);
    assert.equal(expired.status, "expired");
    assert.deepEqual(tally(await conserved(client, expired, lines)), { 200: 2, batch_expired: 2 });
  });

  test("window: one that the server doesn't allow → 400", async () => {
    await assert.rejects(create(client, items(1), { window: "1h" }), {
      status: 400,
      param: "completion_window",
    });
  });
});
