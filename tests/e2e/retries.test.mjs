// Providers that fail in passing, and those that don't stop failing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { conserved, create, end, item, tally } from "./batches.mjs";
import { serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url }) });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

const times = (name) => provider.asked(name).length;

describe("side by side", { concurrency: true }, () => {
  test("retries: failures in passing → every item answered, asked as often as needed", async () => {
    const lines = [
      item("well"),
      item("limited", "limit 1"),
      item("failed-once", "fail 1"),
      item("failed-twice", "fail 2"),
      item("hung-up", "hangUp 2"),
      item("broke-off", "breakOff 1"),
      item("garbled", "garble 2"),
      item("slow", "slow 1500"),
    ];
    const batch = await end(client, await create(client, lines));
    const found = await conserved(client, batch, lines);
    assert.deepEqual(tally(found), { 200: 8 });
    assert.deepEqual(
      lines.map((line) => times(JSON.parse(line).custom_id)),
      [1, 2, 2, 3, 3, 2, 3, 1],
    );
    const [first, second] = provider.asked("limited");
    assert.ok(second.time - first.time >= 1_000, "Retry-After is waited for");
    const [failure, , third] = provider.asked("failed-twice");
    assert.ok(third.time - failure.time >= 0.75 * 1_500, "pauses grow");
    assert.deepEqual(
      new Set(provider.asked("failed-twice").map(({ body }) => body.toString())).size,
      1,
    );
  });

  test("retries: failures without end → six tries, then a line that says why", async () => {
    const lines = [
      item("always-500", "fail"),
      item("always-page", "page 502"),
      item("never-there", "hangUp"),
      item("never-whole", "breakOff"),
      item("never-json", "garble"),
      item("refused", "status 422"),
    ];
    const batch = await end(client, await create(client, lines), 90_000);
    const { errors, output } = await conserved(client, batch, lines);
    assert.deepEqual(output, []);
    assert.deepEqual(
      errors.map(({ response, error }) => error?.code ?? response.status_code),
      [500, 502, "upstream_unreachable", "upstream_unreachable", "upstream_invalid_response", 422],
    );
    for (const { response, error } of errors) {
      assert.equal(response === null, error !== null, "either a response or an error");
      if (error) assert.deepEqual(Object.keys(error), ["code", "message"]);
    }
    assert.deepEqual(
      lines.map((line) => times(JSON.parse(line).custom_id)),
      [6, 6, 6, 6, 6, 1],
    );
  });
});
