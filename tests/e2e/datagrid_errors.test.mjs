// Requests to Datagrid's endpoints that are refused: problem details, of files the older form; and the
// classes that the SDK makes of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  APIError,
  AuthenticationError,
  ConflictError,
  NotFoundError,
  UnprocessableEntityError,
} from "datagrid-ai";

import { create as createForOpenAI, item as itemForOpenAI } from "./batches.mjs";
import { checkProblem, create, creation, end, item, thrown, upload } from "./datagrid.mjs";
import { countingFetch, key, otherKey, serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const mount = "/datagrid/v1";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ models: ["m"], url: provider.url }) });
  client = server.datagrid();
});
after(async () => {
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

const requestId = /^req_\w+$/;
const json = { "content-type": "application/json" };

/** That an answer is problem details; gives them. */
async function problem(response, name, status) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.match(response.headers.get("x-request-id"), requestId);
  const body = await response.json();
  checkProblem(body, name, status);
  return body;
}

/** The form of the vendor's other endpoints. */
function checkFilesError(body, status, name) {
  const { status_code, statusCode, error, message, mitigation, retryable, details } = body;
  assert.deepEqual(
    { status_code, statusCode, error, retryable },
    { status_code: status, statusCode: status, error: name, retryable: false },
    JSON.stringify(body),
  );
  assert.equal(Object.keys(body).length, 7);
  for (const sentence of [message, mitigation]) assert.ok(sentence.length > 10, sentence);
  assert.deepEqual(Object.keys(details), ["reason"]);
  return details.reason;
}

async function filesError(response, status, name) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.match(response.headers.get("x-request-id"), requestId);
  return checkFilesError(await response.json(), status, name);
}

/** What the SDK throws, after one request. */
async function refused(ask, Class, options = {}) {
  const counting = countingFetch();
  const error = await thrown(ask(server.datagrid({ fetch: counting, ...options })), Class);
  assert.equal(counting.requests, 1, "not asked again");
  assert.match(error.headers["x-request-id"], requestId);
  return error;
}

const post = (path, body, init = {}) =>
  server.fetch(path, { method: "POST", body, headers: json, ...init });

test("401: no key, a wrong one, one that isn't a bearer token → no_authentication", async () => {
  for (const init of [
    { key: null },
    { key: "wrong" },
    { key: null, headers: { authorization: key } },
  ]) {
    for (const path of ["/batch-predictions", "/batch-predictions/bpred_1/results"]) {
      const response = await server.fetch(path, init);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
      await problem(response, "no_authentication", 401);
    }
    const create = await post("/batch-predictions", "{", init);
    await problem(create, "no_authentication", 401);
    await filesError(await server.fetch("/files", { mount, ...init }), 401, "no_authentication");
  }
  const wrong = { apiKey: "wrong" };
  const of = async (ask) => (await refused(ask, AuthenticationError, wrong)).error;
  checkProblem(await of((it) => it.batchPredictions.list()), "no_authentication", 401);
  checkProblem(await of((it) => it.batchPredictions.cancel("bpred_1")), "no_authentication", 401);
  checkFilesError(await of((it) => it.files.list()), 401, "no_authentication");
});

test("404: batches that aren't there, of others, of another vendor → resource_not_found", async () => {
  const theirs = await create(server.datagrid({ apiKey: otherKey }), [
    await item(server.datagrid({ apiKey: otherKey }), "theirs"),
  ]);
  const elsewhere = server.datagrid({ teamspace: "elsewhere" });
  const apart = await create(elsewhere, [await item(elsewhere, "apart")]);
  const { id: openAIs } = await createForOpenAI(server.client(), [itemForOpenAI("o")]);
  const unknown = "bpred_" + "0".repeat(32);
  const calls = ["retrieve", "cancel", "retrieveResults"];
  for (const id of [unknown, "bpred_nope", "nope", theirs.id, apart.id, openAIs]) {
    for (const call of calls) {
      const { error } = await refused((it) => it.batchPredictions[call](id), NotFoundError);
      const detail = checkProblem(error, "resource_not_found", 404);
      assert.ok(detail.includes(`'${id}'`), detail);
    }
  }
  const mine = await create(client, [await item(client, "mine")]);
  for (const call of ["retrieve", "cancel"])
    await assert.rejects(server.client().batches[call](mine.id), { status: 404 });
  assert.equal((await server.fetch(`/batches/${mine.id}/results`)).status, 404);
  assert.equal((await end(client, mine)).status, "completed", "nobody has cancelled it");
});

test("404: files that aren't there → the older form", async () => {
  const other = server.datagrid({ apiKey: otherKey });
  const theirs = await upload(other, "theirs");
  for (const id of ["file_nope", "file_" + "0".repeat(32), theirs.id]) {
    for (const call of ["retrieve", "update", "content", "delete"]) {
      const { error } = await refused((it) => it.files[call](id), NotFoundError);
      assert.equal(checkFilesError(error, 404, "resource_not_found"), "file_not_found");
      assert.ok(error.message.includes(`'${id}'`), error.message);
    }
  }
  assert.equal((await other.files.retrieve(theirs.id)).id, theirs.id);
  // By the vendor's own mount, whatever the id looks like.
  for (const id of ["nope", "file-1"])
    await filesError(await server.fetch(`/files/${id}`, { mount }), 404, "resource_not_found");
});

test("404: unknown paths → problem details below the vendor's mount, and where its agents ask", async () => {
  for (const path of ["/nothing", "/batches", "/batch-predictions/a/b", "/webhooks", "", "/"]) {
    const { detail } = await problem(
      await server.fetch(path, { mount, method: "POST" }),
      "resource_not_found",
      404,
    );
    assert.ok(detail.includes(`POST ${mount}${path}`), detail);
  }
  const { error } = await refused((it) => it.webhooks.list(), NotFoundError);
  checkProblem(error, "resource_not_found", 404);
});

test("405: methods that an endpoint doesn't take → those that it does", async () => {
  for (const [path, method, allow] of [
    ["/batch-predictions", "DELETE", "POST, GET"],
    ["/batch-predictions/bpred_1", "PATCH", "GET"],
    ["/batch-predictions/bpred_1/cancel", "GET", "POST"],
    ["/batch-predictions/bpred_1/results", "POST", "GET"],
  ]) {
    const response = await server.fetch(path, { method });
    assert.equal(response.headers.get("allow"), allow, path);
    const { detail } = await problem(response, "method_not_allowed", 405);
    assert.ok(detail.includes(allow), detail);
  }
  const response = await server.fetch("/files/file_1", { mount, method: "PUT" });
  assert.equal(response.headers.get("allow"), "GET, PATCH, DELETE");
  await filesError(response, 405, "method_not_allowed");
});

test("409: results of a batch that runs → conflict, not asked again; afterwards they are there", async () => {
  provider.holdAgain();
  const batch = await create(client, [await item(client, "waits", "hold")]);
  const ask = (it) => it.batchPredictions.retrieveResults(batch.id);
  const error = await refused(ask, ConflictError);
  assert.equal(error.headers["x-should-retry"], "false");
  assert.match(checkProblem(error.error, "conflict", 409), /'(validating|in_progress)'/);
  provider.release();
  await end(client, batch);
  await ask(client);
});

test("413: a body larger than any create → refused, whether its length is told or not", async () => {
  const large = creation([{ custom_id: "a", file_id: "file_1" }], {
    prompt: "x".repeat(9_000_000),
  });
  const { error, status } = await refused((it) => it.batchPredictions.create(large), APIError);
  assert.equal(status, 413);
  assert.match(checkProblem(error, "payload_too_large", 413), /8388608/);
  assert.equal((await thrown(client.batchPredictions.create(large), APIError)).status, 413);

  const stream = new Blob([JSON.stringify(large)]).stream();
  const response = await post("/batch-predictions", stream, { duplex: "half" });
  await problem(response, "payload_too_large", 413);
});

test("422: everything that is wrong with a create → all of it at once, where it stands", async () => {
  const body = {
    items: [
      { custom_id: "one", file_id: "file_1" },
      { custom_id: "one", file_id: "file_1", page: 0 },
      { file_id: 7 },
      "four",
      { custom_id: "x".repeat(513), file_id: "", page: 1.5 },
      { custom_id: "six", file_id: null, page: "2" },
    ],
    model: "unheard-of",
    prompt: "",
    output_schema: {
      type: "array",
      properties: {
        "a/b~": { anyOf: [] },
        anyOf: { type: "string", enum: ["$ref"] },
        list: { prefixItems: [{ $ref: "#" }], items: [] },
      },
      $defs: {},
      not: {},
    },
    completion_window: "7d",
    metadata: { ["k".repeat(65)]: "", tags: ["a"], long: "v".repeat(513) },
  };
  const { error } = await refused(
    (it) => it.batchPredictions.create(body),
    UnprocessableEntityError,
  );
  checkProblem(error, "validation_failed", 422);
  for (const { message } of error.errors) assert.ok(message.length > 10, message);
  const found = error.errors.map(({ pointer, code, custom_id }) => [
    pointer,
    code,
    custom_id ?? null,
  ]);
  assert.deepEqual(found, [
    ["/items/1/custom_id", "duplicate_custom_id", "one"],
    ["/items/1/page", "too_small", "one"],
    ["/items/2/custom_id", "required", null],
    ["/items/2/file_id", "invalid_type", null],
    ["/items/3", "invalid_type", null],
    ["/items/4/custom_id", "too_big", null],
    ["/items/4/file_id", "too_small", null],
    ["/items/4/page", "invalid_type", null],
    ["/items/5/file_id", "required", "six"],
    ["/items/5/page", "invalid_type", "six"],
    ["/model", "invalid_enum_value", null],
    ["/prompt", "too_small", null],
    ["/output_schema/type", "invalid_enum_value", null],
    ["/output_schema/properties/a~1b~0/anyOf", "unsupported_keyword", null],
    ["/output_schema/properties/list/prefixItems/0/$ref", "unsupported_keyword", null],
    ["/output_schema/properties/list/items", "invalid_type", null],
    ["/output_schema/$defs", "unsupported_keyword", null],
    ["/output_schema/not", "unsupported_keyword", null],
    ["/completion_window", "invalid_enum_value", null],
    [`/metadata/${"k".repeat(65)}`, "too_big", null],
    ["/metadata/tags", "invalid_type", null],
    ["/metadata/long", "too_big", null],
  ]);
});

test("422: the vendor's own examples → in the vendor's words", async () => {
  const none = await refused((it) => create(it, []), UnprocessableEntityError);
  assert.equal(none.error.detail, "items must contain at least one item");
  const twice = ["a", "drawing_001", "drawing_001"].map((custom_id) => ({
    custom_id,
    file_id: "f",
  }));
  const { error } = await refused((it) => create(it, twice), UnprocessableEntityError);
  assert.deepEqual(error.errors, [
    {
      pointer: "/items/2/custom_id",
      code: "duplicate_custom_id",
      message: "Duplicate custom_id 'drawing_001' in batch",
      custom_id: "drawing_001",
    },
  ]);
});

test("422: too many items, bodies that aren't an object → said of the whole", async () => {
  const many = Array.from({ length: 5_001 }, (_, index) => ({
    custom_id: `${index}`,
    file_id: "f",
  }));
  const { error } = await refused((it) => create(it, many), UnprocessableEntityError);
  assert.match(error.detail, /5001 items.*5000/);
  assert.deepEqual(
    error.errors.map(({ pointer, code }) => [pointer, code]),
    [["/items", "too_big"]],
  );

  const nothing = await problem(await post("/batch-predictions", "{}"), "validation_failed", 422);
  assert.deepEqual(
    nothing.errors.map(({ pointer, code }) => [pointer, code]),
    ["/items", "/model", "/prompt", "/output_schema"].map((pointer) => [pointer, "required"]),
  );
  for (const body of [
    "",
    "{",
    "[]",
    "null",
    '{"items":[],}',
    Buffer.from('{"model":"\xff"}', "latin1"),
  ])
    await problem(await post("/batch-predictions", body), "validation_failed", 422);
});

test("422: headers and queries that make no sense → named", async () => {
  const good = creation([await item(client, "query")]);
  const ids = async () => (await client.batchPredictions.list()).data.map(({ id }) => id);
  const known = await ids();
  for (const name of ["Idempotency-Key", "Datagrid-Teamspace"]) {
    for (const value of ["a b", "x".repeat(256)]) {
      const headers = { ...json, [name]: value };
      const response = await post("/batch-predictions", JSON.stringify(good), { headers });
      const { detail } = await problem(response, "validation_failed", 422);
      assert.ok(detail.includes(name), detail);
    }
  }
  for (const query of [
    "limit=0",
    "limit=101",
    "limit=x",
    "after=nonsense",
    "after=batch_1",
    "status=done",
  ]) {
    const response = await server.fetch(`/batch-predictions?${query}`);
    const { errors } = await problem(response, "validation_failed", 422);
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      [`/${query.split("=")[0]}`],
    );
    const name = query.split("=")[0];
    if (name === "status") continue;
    await filesError(await server.fetch(`/files?${query}`, { mount }), 422, "validation_failed");
  }
  assert.deepEqual(await ids(), known, "nothing was made");
});

test("uploads: forms that make no sense → the older form, by status as its reason deserves", async () => {
  const form = (fields) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };
  const send = (body, headers = {}) =>
    server.fetch("/files", { mount, method: "POST", body, headers });
  const file = new File(["hello"], "a.txt");
  const cases = [
    [form({ file: new File([], "empty.txt") }), 422],
    [form({ expires_after: "60" }), 422],
    [form({ file, expires_after: "0" }), 422],
    [form({ file, expires_after: "518401" }), 422],
    [form({ file, expires_after: "soon" }), 422],
  ];
  for (const [body, status] of cases)
    await filesError(await send(body), status, "validation_failed");
  await filesError(await send("{}", json), 400, "validation_failed");
  const torn = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhel';
  const type = { "content-type": "multipart/form-data; boundary=b" };
  await filesError(await send(torn, type), 400, "validation_failed");

  const { id } = await upload(client, "hello", "a.txt", { expires_after: 60 });
  const update = (it) => it.files.update(id, { expires_after: 0 });
  const { error } = await refused(update, UnprocessableEntityError);
  checkFilesError(error, 422, "validation_failed");
});

test("X-Request-Id: every answer → its own, and the same is in no other", async () => {
  const { id } = await upload(client, "hello");
  const batch = await end(client, await create(client, [await item(client, "ids")]));
  const seen = [];
  for (const [path, init, status] of [
    ["/batch-predictions", {}, 200],
    [`/batch-predictions/${batch.id}`, {}, 200],
    [`/batch-predictions/${batch.id}/results`, {}, 200],
    [`/batch-predictions/${batch.id}/results`, { headers: { range: "bytes=0-3" } }, 206],
    [`/batch-predictions/${batch.id}/results?follow=true`, {}, 200],
    [`/files/${id}`, {}, 200],
    [`/files/${id}/content`, {}, 200],
    [`/files/${id}`, { method: "DELETE" }, 204],
    [`/files/${id}`, {}, 404],
  ]) {
    const response = await server.fetch(path, init);
    assert.equal(response.status, status, path);
    await response.arrayBuffer();
    seen.push(response.headers.get("x-request-id"));
    assert.match(seen.at(-1), requestId, path);
  }
  assert.equal(new Set(seen).size, seen.length);
});
