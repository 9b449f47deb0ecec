// RATE_LIMIT, as Datagrid's official SDK meets it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { RateLimitError } from "datagrid-ai";

import { otherKey, serve, sleep } from "./harness.mjs";

const limit = 5;
const window_s = 60;
let server;

before(async () => {
  server = await serve({ env: { RATE_LIMIT: String(limit) } });
});
after(async () => {
  await server?.stop();
});

const client = (options) =>
  server.datagrid({ mount: "/datagrid/v1", maxRetries: 0, ...options });

const seconds = () => Date.now() / 1000;

/** That these headers leave so many, and say when there will be more. */
function check(headers, remaining) {
  assert.equal(headers.get("x-ratelimit-limit"), String(limit));
  assert.equal(headers.get("x-ratelimit-remaining"), String(remaining));
  const wait = Number(headers.get("x-ratelimit-reset")) - seconds();
  assert.ok(wait > 0 && wait <= window_s + 1, `reset in ${wait} s`);
  const retryAfter = headers.get("retry-after");
  if (remaining > 0) return assert.equal(retryAfter, null);
  assert.match(retryAfter, /^\d+$/);
  assert.ok(Math.abs(Number(retryAfter) - wait) <= 2, `${retryAfter} s, and reset in ${wait} s`);
}

/** Asks so often that nothing is left. */
async function useUp(ask) {
  for (let left = limit - 1; left >= 0; --left) check((await ask().asResponse()).headers, left);
}

const refusal = async (ask) => {
  let refused;
  await assert.rejects(ask(), (error) => {
    refused = error;
    return error instanceof RateLimitError;
  });
  assert.equal(refused.status, 429);
  check(new Headers(refused.headers), 0);
  return refused.error;
};

test("rate limit: one too many → RateLimitError; other routes, teamspaces and tenants go on", async () => {
  const list = (options) => client(options).batchPredictions.list();
  await useUp(list);
  const wait = /^Too many requests. Try again in \d+ s.$/;
  const { detail, ...problem } = await refusal(list);
  assert.match(detail, wait);
  assert.deepEqual(problem, {
    type: "https://api.datagrid.com/errors/rate_limit_exceeded",
    title: "Rate Limit Exceeded",
    status: 429,
  });
  await refusal(() => list({ mount: "/v1" })); // Another way to the same route.

  check((await list({ teamspace: "space" }).asResponse()).headers, limit - 1);
  check((await list({ apiKey: otherKey }).asResponse()).headers, limit - 1);
  for (const [index, id] of ["bpred_1", "bpred_2"].entries()) {
    const missing = await client().batchPredictions.retrieve(id).catch((error) => error);
    assert.equal(missing.status, 404);
    check(new Headers(missing.headers), limit - 1 - index); // Polling many batches is one route.
  }
});

test("rate limit: one too many among files → RateLimitError in the older form", async () => {
  const list = () => client().files.list();
  await useUp(list);
  const { message, mitigation, ...form } = await refusal(list);
  assert.match(message, /^Too many requests/);
  assert.match(mitigation, /retry-after/);
  assert.deepEqual(form, {
    status_code: 429,
    statusCode: 429,
    error: "rate_limit_exceeded",
    retryable: true,
    details: { reason: "rate_limited" },
  });
});

test("rate limit: an upload too many → refused, and nothing is stored", async () => {
  const uploaded = { file: new File(["x".repeat(3_000_000)], "a.txt") };
  const create = () => client({ teamspace: "uploads" }).files.create(uploaded);
  for (let count = 0; count < limit; ++count) await create();
  await refusal(create);
  const { data } = await client({ teamspace: "uploads" }).files.list();
  assert.equal(data.length, limit);
});

test("rate limit: the other dialect → isn't metered", async () => {
  for (let count = 0; count <= limit; ++count) {
    const { status, headers } = await server.fetch("/batches");
    assert.equal(status, 200);
    assert.equal(headers.get("x-ratelimit-limit"), null);
  }
});

test("rate limit: the SDK as it comes → waits as it is told, and gets through", async () => {
  const times = [];
  const patient = client({
    teamspace: "patient",
    maxRetries: 2, // The default.
    fetch: (...request) => {
      times.push(seconds());
      return fetch(...request);
    },
  });
  await useUp(() => patient.files.list());
  const began_at = times[0];
  const impatient = async () => {
    await sleep(20_000); // Longer than workerd keeps an idle object that waits for nothing.
    await refusal(() => client({ teamspace: "patient" }).files.list());
  };
  const [{ data }] = await Promise.all([patient.files.list(), impatient()]);
  assert.deepEqual(data, []);
  assert.equal(times.length, limit + 2);
  const waited = times.at(-1) - began_at;
  assert.ok(waited >= window_s && waited < window_s + 10, `${waited} s after the first`);
});

test("rate limit: not set → no headers, no refusals; unreadable → the server says so", async () => {
  const free = await serve();
  try {
    for (let count = 0; count < 250; ++count) {
      const answer = await free.fetch("/batch-predictions");
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("x-ratelimit-limit"), null);
      await answer.arrayBuffer();
    }
  } finally {
    await free.stop();
  }
  await assert.rejects(serve({ env: { RATE_LIMIT: "many" } }), /RATE_LIMIT has to be `off`, or/);
});
