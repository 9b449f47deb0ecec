// Batch predictions that run to their end: what the provider is asked, and what comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  checkProblem,
  checkView,
  conserved,
  create,
  creation,
  end,
  item,
  schema,
  shared,
  tally,
  typeOf,
  upload,
} from "./datagrid.mjs";
import { serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  const [url, key] = [provider.url, "provider-key"];
  const list = upstreams(
    { models: ["m"], url, key },
    { models: { alias: "as-they-call-it" }, url },
  );
  server = await serve({ env: list });
  client = server.datagrid();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

async function run(items, more) {
  const batch = await end(client, await create(client, items, more));
  assert.equal(batch.status, "completed");
  return { batch, lines: await conserved(client, batch, items) };
}

const jobs = (tasks) =>
  Promise.all(Object.entries(tasks).map(([id, does]) => item(client, id, does)));

test("completed: the batch object → all of its members, from the first moment on", async () => {
  const items = await jobs({ one: "well", two: "well" });
  const metadata = { project: "π", empty: "" };
  const created = await create(client, items, { metadata });
  checkView(created, 2);
  assert.equal(created.status, "validating");
  assert.equal(created.request_counts.processing, 2);
  assert.ok(Math.abs(new Date(created.created_at) - Date.now()) < 60_000);
  assert.equal(new Date(created.expires_at) - new Date(created.created_at), 86_400_000);

  const batch = await end(client, created);
  const { id, created_at, expires_at, in_progress_at, finalizing_at, completed_at, ...rest } =
    batch;
  assert.deepEqual(rest, {
    object: "batch_prediction",
    status: "completed",
    model: "m",
    completion_window: "24h",
    failed_at: null,
    cancelling_at: null,
    cancelled_at: null,
    expired_at: null,
    request_counts: {
      total: 2,
      processing: 0,
      succeeded: 2,
      errored: 0,
      canceled: 0,
      expired: 0,
    },
    metadata,
    error: null,
    results_url: `/v1/batch-predictions/${id}/results`,
  });
  await conserved(client, batch, items);
});

test("completed: by the vendor's own mount → the same batch, with that mount's link", async () => {
  const items = await jobs({ mounted: "well" });
  const mount = "/datagrid/v1";
  const there = server.datagrid({ mount });
  const batch = await end(client, await create(there, items));
  const seen = await there.batchPredictions.retrieve(batch.id);
  checkView(seen, 1, mount);
  assert.deepEqual({ ...seen, results_url: batch.results_url }, batch);
  const listed = (await there.batchPredictions.list({ limit: 1 })).data;
  assert.deepEqual(listed, [seen]);
  const response = await fetch(`${server.url}${seen.results_url}`, {
    headers: { authorization: "Bearer eb-dev" },
  });
  assert.equal(JSON.parse(await response.text()).custom_id, "mounted");
});

test("completed: items → the provider is asked once for each, for JSON by the schema", async () => {
  const prompt = 'ask well "quoted" \\ \u2028 😀\n\ttabs';
  const output_schema = {
    type: "object",
    title: "Σ \u2028",
    properties: {
      z: { type: "number", minimum: 0.5 },
      a: { enum: ["b", null, -1e3] },
      said: { type: "string" },
    },
    required: ["said"],
  };
  const file = await upload(client, "some text", "notes.md");
  const items = shared(3, "ask", { file_id: file.id });
  items[1].page = null;
  await run(items, { prompt, output_schema });

  const requests = provider.asked("ask");
  assert.equal(requests.length, 3);
  for (const { method, path, headers, body } of requests) {
    assert.deepEqual([method, path], ["POST", "/v1/chat/completions"]);
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["authorization"], "Bearer provider-key");
    assert.equal(headers["content-length"], String(body.length));
    assert.deepEqual(JSON.parse(body), {
      model: "m",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: prompt },
            { type: "text", text: "The file notes.md:\n\nsome text" },
          ],
        },
      ],
      response_format: {
        type: "json_schema",
        json_schema: { name: "output", schema: output_schema },
      },
    });
    const names = JSON.parse(body).response_format.json_schema.schema.properties;
    assert.deepEqual(Object.keys(names), ["z", "a", "said"], "members stay in the client's order");
  }
});

test("completed: the upstream calls the model otherwise → asked by its name, shown by the client's", async () => {
  const { batch } = await run(await jobs({ renamed: "well" }), { model: "alias" });
  assert.equal(batch.model, "alias");
  const [{ body, headers }] = provider.asked("renamed");
  assert.equal(JSON.parse(body).model, "as-they-call-it");
  assert.equal(headers["authorization"], undefined);
});

test("completed: answers → the line has the object, with its numbers and names as they came", async () => {
  const json = '{"b": 1.50, "a": [ ], "10": 12345678901234567890, "nested": {"x": [null, true]}}';
  const { lines, batch } = await run(await jobs({ plain: "well", exact: `say ${json}` }));
  const [{ number }] = provider.asked("plain");
  assert.deepEqual(lines[0], {
    object: "batch_prediction.result",
    batch_id: batch.id,
    custom_id: "plain",
    status: "succeeded",
    output: { said: "hello plain", number },
    error: null,
  });
  const text = await (await server.fetch(`/batch-predictions/${batch.id}/results`)).text();
  const [, exact] = text.split("\n");
  assert.equal(
    exact,
    `{"object":"batch_prediction.result","batch_id":"${batch.id}","custom_id":"exact",` +
      '"status":"succeeded","output":{"b":1.50,"a":[],"10":12345678901234567890,' +
      '"nested":{"x":[null,true]}},"error":null}',
  );
});

test("completed: answers that are no prediction, refusals of the provider → a line each that helps", async () => {
  const cases = [
    ["fine", "well", "succeeded"],
    ["bad", "status 400", "batch_item_processing_failed", /status 400: no, bad$/],
    ["absent", "status 404", "batch_item_processing_failed", /status 404: no, absent$/],
    ["html", "page 403", "batch_item_processing_failed", /status 403: <html>Bad Gateway/],
    ["moved", "redirect", "batch_item_processing_failed", /status 307: over there$/],
    ["unpaid", "status 402", "credit_exceeded", /no, unpaid/],
    ["prose", "say It is 5.", "prediction_failed", /not one JSON object: .*none.*'It is 5\.'/, 2],
    ["twice", 'say {"a":1}{"b":2}', "prediction_failed", /not one JSON object: .*several/, 2],
    ["broken", 'say {"a":1,}', "prediction_failed", /not one JSON object: .*no JSON/, 2],
    ["inside", 'say so: [{"a":1}]', "prediction_failed", /not one JSON object: .*in an array/, 2],
    ["array", 'say [{"a":1}]', "prediction_failed", /an array instead of an object/, 2],
    ["string", 'say "{}"', "prediction_failed", /a string instead of an object/, 2],
    ["number", "say -7e1", "prediction_failed", /a number instead of an object/, 2],
    ["null", "say null", "prediction_failed", /null instead of an object/, 2],
    ["silent", "say", "prediction_failed", /answer is empty/, 2],
    ["refused", "refuse I'd rather not.", "prediction_failed", /refused: 'I'd rather not\.'/],
    ["cut", "stop length", "prediction_failed", /cut off at the model's output limit/],
    ["filtered", "stop content_filter", "prediction_failed", /content filter/],
    ["choiceless", "choiceless", "prediction_failed", /no choices/],
    ["also-fine", 'say  {"a":1} ', "succeeded"],
  ];
  const items = await jobs(Object.fromEntries(cases));
  const { batch, lines } = await run(items);
  assert.equal(batch.error, null, "errors of items aren't the batch's");
  for (const [index, [id, , kind, detail, times = 1]] of cases.entries()) {
    const { error, status } = lines[index];
    assert.equal(provider.asked(id).length, times, `${id} is asked ${times} times`);
    if (kind === "succeeded") {
      assert.equal(status, "succeeded", id);
    } else {
      assert.equal(error.type, typeOf(kind), id);
      assert.match(error.detail, detail, id);
    }
  }
  const { error } = lines.find(({ custom_id }) => custom_id === "array");
  checkProblem(error, "prediction_failed", 422);
  assert.equal(batch.request_counts.errored, cases.length - 2);
});

test("completed: every item fails → still completed, without an error of its own", async () => {
  const items = await jobs({ f1: "status 400", f2: "say []" });
  const { batch, lines } = await run(items);
  assert.equal(batch.request_counts.succeeded, 0);
  assert.deepEqual(tally(lines), { batch_item_processing_failed: 1, prediction_failed: 1 });
});

test("completed: the provider fails in passing → asked again, as often as needed", async () => {
  const tasks = { once: "fail 1", busy: "busy 1", limited: "limit 1", gone: "hangUp 1" };
  const { lines } = await run(await jobs(tasks));
  assert.deepEqual(tally(lines), { succeeded: 4 });
  for (const name of Object.keys(tasks)) {
    const [first, second, ...more] = provider.asked(name);
    assert.deepEqual(more, [], name);
    assert.ok(first.body.equals(second.body), "the file is read anew");
  }
  const [first, second] = provider.asked("limited");
  assert.ok(second.time - first.time >= 1_000, "Retry-After is waited for");
});

test("completed: custom_ids of every kind → come back as they were", async () => {
  const ids = [
    ...[" ", 'a/b\\c"d', "日本語 😀", "x".repeat(512), "tab\there", "__proto__", "0", "-1"],
    ...["one\u2028two\u2029three\u0085four", "\u0000\u007f", "null", "a\r\nb"],
  ];
  const { file_id } = await item(client, "kinds");
  await run(ids.map((custom_id) => ({ custom_id, file_id })));
});

test("completed: members that nobody knows, nulls for what may be left out → taken", async () => {
  const items = await jobs({ odd: "well" });
  items[0].page = null;
  items[0].more = { a: 1 };
  const odd = { ...creation(items), completion_window: null, metadata: null, temperature: 0 };
  const batch = await end(client, await client.batchPredictions.create(odd));
  assert.equal(batch.completion_window, "24h");
  assert.equal(batch.metadata, null);
  const [{ body }] = provider.asked("odd");
  const { response_format } = JSON.parse(body);
  assert.deepEqual(response_format.json_schema.schema, schema);
});
