// Inputs that can't be run: the batch fails, and says of every bad line what is wrong with it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chat, create, createFrom, end, item, textOf, upload } from "./batches.mjs";
import { serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ models: ["m"], url: provider.url }) });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

/** Ends a batch that has to fail, and gives its errors. */
async function failure(started) {
  const batch = await end(client, await started);
  assert.equal(batch.status, "failed", JSON.stringify(batch));
  assert.deepEqual(batch.request_counts, { total: 0, completed: 0, failed: 0 });
  assert.deepEqual([batch.output_file_id, batch.error_file_id], [null, null]);
  assert.ok(batch.failed_at >= batch.created_at);
  assert.deepEqual([batch.in_progress_at, batch.completed_at], [null, null]);
  assert.equal(batch.errors.object, "list");
  assert.equal(provider.requests.length, 0, "nothing was asked");
  for (const error of batch.errors.data) {
    assert.deepEqual(Object.keys(error).sort(), ["code", "line", "message", "param"]);
    assert.ok(error.message.length > 10, error.message);
  }
  return batch.errors.data;
}

const inShort = (errors) => errors.map(({ code, line, param }) => [line, code, param]);

const changed = (id, change) => {
  const line = JSON.parse(item(id));
  change(line);
  return JSON.stringify(line);
};

test("failed: many kinds of bad lines → each reported once, in order, by its line's number", async () => {
  const lines = [
    item("first"),
    '{"custom_id":"broken",',
    item("first"),
    "",
    changed("no-method", (line) => delete line.method),
    changed("get", (line) => (line.method = "GET")),
    changed("elsewhere", (line) => (line.url = "/v1/embeddings")),
    changed("no-url", (line) => delete line.url),
    changed("no-body", (line) => delete line.body),
    changed("no-id", (line) => delete line.custom_id),
    changed("number", (line) => (line.custom_id = 7)),
    changed("no-model", (line) => delete line.body.model),
    changed("no-messages", (line) => delete line.body.messages),
    changed("streaming", (line) => (line.body.stream = true)),
    item("other", "well", { model: "unheard-of" }),
    "[1,2]",
    item("streaming"),
    item("last"),
    item("last"),
  ];
  const errors = await failure(create(client, lines));
  assert.deepEqual(inShort(errors), [
    [2, "invalid_json_line", null],
    [3, "duplicate_custom_id", "custom_id"],
    [4, "invalid_json_line", null],
    [5, "missing_required_parameter", "method"],
    [6, "invalid_value", "method"],
    [7, "invalid_url", "url"],
    [8, "missing_required_parameter", "url"],
    [9, "missing_required_parameter", "body"],
    [10, "missing_required_parameter", "custom_id"],
    [11, "invalid_type", "custom_id"],
    [12, "invalid_request", "body.model"],
    [13, "invalid_request", "body.messages"],
    [14, "streaming_unsupported", "body.stream"],
    [15, "model_not_found", "body.model"],
    [16, "invalid_type", null],
    [17, "duplicate_custom_id", "custom_id"],
    [19, "duplicate_custom_id", "custom_id"],
  ]);
  const messages = new Map(errors.map(({ line, message }) => [line, message]));
  assert.equal(messages.get(2), "This line is not parseable as valid JSON.");
  assert.equal(messages.get(5), "Missing required parameter: 'method'.");
  assert.equal(
    messages.get(7),
    "The URL provided for this request does not match the batch endpoint.",
  );
  assert.match(messages.get(3), /line 1\b/);
});

test("failed: more bad lines than are listed → the first 1,000 and how many more", async () => {
  const bad = changed("x", (line) => delete line.method);
  const lines = Array.from({ length: 1_204 }, (_, index) =>
    index === 600 ? item("good") : bad.replace('"x"', `"x${index}"`),
  );
  const batch = await create(client, lines);
  const errors = await failure(batch);
  assert.equal(errors.length, 1_001);
  const numbers = errors.slice(0, 1_000).map(({ line }) => line);
  const expected = Array.from({ length: 1_001 }, (_, index) => index + 1).filter(
    (line) => line !== 601,
  );
  assert.deepEqual(numbers, expected);
  const { line, code, message } = errors[1_000];
  assert.deepEqual([line, code], [null, "too_many_errors"]);
  assert.match(message, /\b203\b/);

  const listed = (await client.batches.list()).data.find(({ id }) => id === batch.id);
  assert.equal(listed.status, "failed");
  assert.equal(listed.errors.data[0].line, 1, "lists show the first errors");
});

test("failed: two models in a file → the lines with another model than the first's", async () => {
  const errors = await failure(
    create(client, [item("a"), item("b", "well", { model: "n" }), item("c")]),
  );
  assert.equal(errors.length, 1);
  assert.equal(errors[0].line, 2);
  assert.ok(["mismatched_model", "model_not_found"].includes(errors[0].code));
});

test("failed: the batch is for another endpoint than its lines → every line", async () => {
  const errors = await failure(
    create(client, [item("a"), item("b")], { endpoint: "/v1/embeddings" }),
  );
  assert.deepEqual(inShort(errors), [
    [1, "invalid_url", "url"],
    [2, "invalid_url", "url"],
  ]);
});

test("failed: a model that nobody serves → every line", async () => {
  const lines = [item("a", "well", { model: "gone" }), item("b", "well", { model: "gone" })];
  const errors = await failure(create(client, lines));
  assert.deepEqual(inShort(errors), [
    [1, "model_not_found", "body.model"],
    [2, "model_not_found", "body.model"],
  ]);
  assert.equal(errors[0].message, "The provided model 'gone' is not supported by the Batch API.");
});

test("failed: no such input, a deleted one, or one of another purpose → an error of the file", async () => {
  const deleted = await upload(client, textOf([item("a")]));
  await client.files.delete(deleted.id);
  const content = new File([textOf([item("a")])], "in.jsonl");
  const other = await client.files.create({ file: content, purpose: "user_data" });
  const result = await upload(server.client("eb-dev-2"), textOf([item("a")]));
  for (const id of ["file-doesnotexist", "?", deleted.id, other.id, result.id]) {
    const errors = await failure(createFrom(client, id));
    assert.deepEqual(inShort(errors), [[null, "invalid_request", "file_id"]]);
    assert.ok(errors[0].message.includes(id), errors[0].message);
  }
});

test("create: parameters missing or wrong → 400 that names them", async () => {
  const { id: input_file_id } = await upload(client, textOf([item("a")]));
  const good = { input_file_id, endpoint: chat, completion_window: "24h" };
  const cases = [
    [{ input_file_id: undefined }, "input_file_id", "missing_required_parameter"],
    [{ endpoint: undefined }, "endpoint", "missing_required_parameter"],
    [{ endpoint: "/v1/nothing" }, "endpoint", "invalid_value"],
    [{ completion_window: "7d" }, "completion_window", "invalid_value"],
    [{ completion_window: undefined }, "completion_window", "missing_required_parameter"],
    [{ metadata: { tags: ["a"] } }, "metadata.tags", "invalid_type"],
  ];
  for (const [change, param, code] of cases) {
    await assert.rejects(client.batches.create({ ...good, ...change }), (error) => {
      assert.deepEqual([error.status, error.param, error.code], [400, param, code]);
      assert.equal(error.type, "invalid_request_error");
      assert.match(error.requestID, /^req_/);
      return true;
    });
  }
  const raw = (body) =>
    server.fetch("/batches", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  for (const body of ["", "{", "[]", "null"]) assert.equal((await raw(body)).status, 400, body);
});
