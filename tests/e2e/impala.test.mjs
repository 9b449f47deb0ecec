// Impala's profile: /impala/v1 demands a job and the window "unlimited"; elsewhere both are only taken. What
// jobs stand for, and clients without a key.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chat, conserved, create, createFrom, end, item, items, textOf, upload } from "./batches.mjs";
import { key, otherKey, serve, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const impala = { mount: "/impala/v1" };
const unlimited = { window: "unlimited" };
const jobs = {
  "job-chat": { model: "m", window: "2h", concurrency: 2 },
  "job-open": {},
  "job-short": { window: "3s" },
  "job-other": { model: "n", window: "unlimited" },
};

let provider, open, server, strict, lenient;

before(async () => {
  provider = await Provider.start();
  const env = upstreams({ url: provider.url });
  open = await serve({ env }); // Any job's id is taken.
  server = await serve({ env: { ...env, JOBS: JSON.stringify(jobs) } });
  strict = server.client(key, impala);
  lenient = server.client();
});
after(async () => {
  await open?.stop();
  await server?.stop();
  await provider?.stop();
});

/** As a client without a key asks. */
const withoutKey = (from) =>
  from.client("none", { ...impala, defaultHeaders: { Authorization: null } });

const refused = (asked, expected) =>
  assert.rejects(asked, ({ status, param, code }) => {
    assert.deepEqual({ status, param, code }, expected);
    return true;
  });

// ---- Strict and lenient

test("impala: a batch of the strict mount → the vendor's object, key for key, and its files", async () => {
  const client = open.client(key, impala);
  const lines = items(5);
  const made = await create(client, lines, { ...unlimited, job_id: "job-abc12345" });
  assert.equal(made.job_id, "job-abc12345");
  assert.equal(made.completion_window, "unlimited");
  assert.equal(made.expires_at, null);

  const batch = await end(client, made);
  const { id, input_file_id, output_file_id, model, usage, ...rest } = batch;
  const times = ["created_at", "in_progress_at", "finalizing_at", "completed_at"];
  for (const time of times) assert.ok(Number.isInteger(rest[time]), time);
  assert.deepEqual(
    { ...rest, ...Object.fromEntries(times.map((time) => [time, 0])) },
    {
      object: "batch",
      endpoint: chat,
      errors: null,
      job_id: "job-abc12345",
      completion_window: "unlimited",
      status: "completed",
      error_file_id: null,
      created_at: 0,
      in_progress_at: 0,
      expires_at: null,
      finalizing_at: 0,
      completed_at: 0,
      failed_at: null,
      expired_at: null,
      cancelling_at: null,
      cancelled_at: null,
      request_counts: { total: 5, completed: 5, failed: 0 },
      metadata: {},
    },
  );
  assert.match(id, /^batch_/);
  assert.match(input_file_id, /^file-/);
  assert.match(output_file_id, /^file-/);
  assert.deepEqual([model, usage.total_tokens], ["m", 40], "OpenAI's members are there too");
  await conserved(client, batch, lines);

  const file = await client.files.retrieve(input_file_id);
  const keys = ["id", "object", "bytes", "created_at", "expires_at", "filename", "purpose"];
  for (const name of keys) assert.ok(name in file, name);
  assert.equal(file.status, "processed", "so that files.waitForProcessing ends");
});

test("impala: the strict mount is asked as OpenAI is → 422 in both forms; elsewhere it's well", async () => {
  const client = open.client(key, impala);
  const file = await upload(client, textOf(items(1)));
  await refused(createFrom(client, file.id, unlimited), {
    status: 422,
    param: "job_id",
    code: "missing_required_parameter",
  });
  await refused(createFrom(client, file.id, { job_id: "job-1" }), {
    status: 422,
    param: "completion_window",
    code: "invalid_value",
  });

  const response = await fetch(`${open.url}/impala/v1/batches`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ input_file_id: file.id, endpoint: chat, completion_window: "unlimited" }),
  });
  assert.equal(response.status, 422);
  const message = "Missing required parameter: 'job_id'.";
  const code = "missing_required_parameter";
  assert.deepEqual(await response.json(), {
    error: { message, type: "invalid_request_error", param: "job_id", code },
    detail: [{ loc: ["body", "job_id"], msg: message, type: code }],
  });

  const plain = await end(open.client(), await createFrom(open.client(), file.id));
  assert.deepEqual([plain.status, plain.job_id], ["completed", null]);
  assert.equal(plain.expires_at - plain.created_at, 86_400);
  assert.deepEqual(await client.batches.retrieve(plain.id), plain, "the strict mount shows it too");
});

test("impala: unlimited and a job below /v1 → taken, shown and listed; without JOBS any id is", async () => {
  const client = open.client();
  const made = await create(client, items(2), { ...unlimited, job_id: "any at all" });
  assert.deepEqual([made.job_id, made.expires_at], ["any at all", null]);
  const batch = await end(client, made);
  assert.equal(batch.status, "completed");
  const listed = (await client.batches.list()).data.find(({ id }) => id === batch.id);
  assert.deepEqual([listed.job_id, listed.expires_at], ["any at all", null]);
});

test("impala: an unlimited batch is cancelled → it is, and what had run is kept", async () => {
  const client = open.client(key, impala);
  const lines = [...items(2, "well", "c"), item("kept-waiting", "hold")];
  const made = await create(client, lines, { ...unlimited, job_id: "job-1" });
  await until("it is asked for", () => provider.asked("kept-waiting").length);
  assert.equal((await client.batches.cancel(made.id)).status, "cancelling");
  provider.release();
  const batch = await end(client, made);
  assert.deepEqual([batch.status, batch.expires_at], ["cancelled", null]);
  await conserved(client, batch, lines);
});

// ---- Jobs

test("jobs: one that isn't set up → 404 on every mount, and no batch", async () => {
  const file = await upload(lenient, textOf(items(1)));
  const gone = { status: 404, param: "job_id", code: "job_not_found" };
  const asked = { ...unlimited, job_id: "job-unknown" };
  for (const client of [strict, lenient]) await refused(createFrom(client, file.id, asked), gone);
  assert.ok((await lenient.batches.list()).data.every((batch) => batch.input_file_id !== file.id));
});

test("jobs: a model, a window, a concurrency → expiry is the job's, and so few are asked at once", async () => {
  const lines = items(12, "slow 40", "few");
  provider.inFlightMax = 0;
  const made = await create(strict, lines, { ...unlimited, job_id: "job-chat" });
  assert.equal(made.completion_window, "unlimited");
  assert.equal(made.expires_at - made.created_at, 2 * 3_600);
  const batch = await end(strict, made);
  assert.equal(batch.status, "completed", JSON.stringify(batch));
  assert.ok(provider.inFlightMax <= 2, `${provider.inFlightMax} at once`);
  await conserved(strict, batch, lines);

  provider.inFlightMax = 0;
  const many = items(12, "slow 40", "many");
  await end(lenient, await create(lenient, many, { job_id: "job-open" }));
  assert.ok(provider.inFlightMax > 2, "a job without a concurrency is asked for as its upstream is");
});

test("jobs: lines for another model than the job's → failed, each of them reported", async () => {
  const asked = provider.requests.length;
  const lines = [item("a"), item("b", "well", { model: "x" })];
  const made = await create(strict, lines, { ...unlimited, job_id: "job-other" });
  const { status, errors } = await end(strict, made);
  assert.equal(status, "failed");
  assert.deepEqual(
    errors.data.map(({ code, line, param }) => [line, code, param]),
    [
      [1, "mismatched_model", "body.model"],
      [2, "mismatched_model", "body.model"],
    ],
  );
  assert.match(errors.data[0].message, /'n'/);
  assert.equal(provider.requests.length, asked, "nothing was asked");

  const fitting = [item("a", "well", { model: "n" })];
  const good = await create(strict, fitting, { ...unlimited, job_id: "job-other" });
  assert.equal((await end(strict, good)).status, "completed");
});

test("jobs: the window ends although unlimited was asked for → expired", async () => {
  const lines = [item("in-time"), ...items(100, "slow 2000", "late")];
  const made = await create(strict, lines, { ...unlimited, job_id: "job-short" });
  assert.equal(made.expires_at - made.created_at, 3);
  const batch = await end(strict, made);
  assert.deepEqual([batch.status, batch.completion_window], ["expired", "unlimited"]);
  await conserved(strict, batch, lines);
});

// ---- Keys

test("keys: none below /impala/v1 → the first key's tenant; a wrong one, another mount → 401", async () => {
  const lines = items(2, "well", "free");
  const client = withoutKey(open);
  const batch = await end(client, await create(client, lines, { ...unlimited, job_id: "job-1" }));
  await conserved(client, batch, lines);
  assert.deepEqual(await open.client().batches.retrieve(batch.id), batch);
  await assert.rejects(open.client(otherKey, impala).batches.retrieve(batch.id), { status: 404 });

  await assert.rejects(open.client("guessed", impala).batches.list(), { status: 401 });
  const headers = { origin: "https://page.example" };
  const page = await fetch(`${open.url}/impala/v1/batches`, { headers });
  assert.equal(page.status, 401, "a page in a browser");
  for (const mount of ["/v1", "/openai/v1"])
    assert.equal((await fetch(`${open.url}${mount}/batches`)).status, 401);
});

test("keys: another anonymous tenant → apart from the keys' own; none → everybody needs a key", async () => {
  const own = await serve({ env: { ANONYMOUS_TENANT: "guests", EDGEBATCH_KEYS: "k=first" } });
  const file = await upload(withoutKey(own), textOf(items(1)));
  await assert.rejects(own.client("k").files.retrieve(file.id), { status: 404 });
  await own.stop();

  const closed = await serve({ env: { ANONYMOUS_TENANT: "" } });
  await assert.rejects(withoutKey(closed).files.list(), { status: 401 });
  await closed.stop();
});
