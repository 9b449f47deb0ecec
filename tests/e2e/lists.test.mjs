// Lists, page by page; tenants apart; and requests that lead nowhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { create, createFrom, end, items, textOf, upload } from "./batches.mjs";
import { key, otherKey, serve } from "./harness.mjs";

let server, client;

before(async () => {
  server = await serve(); // The sandbox answers.
  client = server.client();
});
after(async () => {
  await server?.stop();
});

test("lists: nothing there yet → empty, not missing", async () => {
  for (const path of ["/batches", "/files"]) {
    const list = await (await server.fetch(path)).json();
    assert.deepEqual(list, {
      object: "list",
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
  }
});

test("lists: 45 batches, walked by the SDK 20 at a time → 45 distinct rows, newest first", async () => {
  const file = await upload(client, textOf(items(1)));
  const made = [];
  for (let index = 0; index < 45; ++index) {
    made.push((await createFrom(client, file.id, { metadata: { index: String(index) } })).id);
  }
  let requests = 0;
  const counting = client.withOptions({
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
  });
  const walked = [];
  for await (const batch of counting.batches.list({ limit: 20 })) walked.push(batch);
  assert.equal(requests, 3);
  assert.deepEqual(
    walked.map(({ id }) => id),
    [...made].reverse(),
  );
  assert.equal(walked[0].metadata.index, "44");

  const page = await (await server.fetch(`/batches?limit=20&after=${made[5]}`)).json();
  assert.deepEqual(
    page.data.map(({ id }) => id),
    made.slice(0, 5).reverse(),
  );
  assert.deepEqual([page.first_id, page.last_id, page.has_more], [made[4], made[0], false]);
  assert.equal((await (await server.fetch("/batches")).json()).data.length, 20, "the default");
  for (const query of ["limit=0", "limit=101", "limit=x", "after=nonsense"]) {
    const response = await server.fetch(`/batches?${query}`);
    assert.equal(response.status, 400, query);
    assert.equal((await response.json()).error.param, query.split("=")[0]);
  }

  // Every one of them ends, and the list says so.
  for (const id of made) assert.equal((await end(client, { id })).status, "completed");
  const statuses = [];
  for await (const { status } of client.batches.list({ limit: 100 })) statuses.push(status);
  assert.deepEqual(statuses, Array(45).fill("completed"));
});

test("lists: files by purpose, either way round → each once", async () => {
  const made = [];
  for (let index = 0; index < 5; ++index) {
    const file = new File([String(index)], `${index}.txt`);
    made.push((await client.files.create({ file, purpose: "user_data" })).id);
  }
  const walk = async (query) => {
    const ids = [];
    for await (const { id } of client.files.list({ purpose: "user_data", limit: 2, ...query }))
      ids.push(id);
    return ids;
  };
  assert.deepEqual(await walk({}), [...made].reverse());
  assert.deepEqual(await walk({ order: "asc" }), made);

  const purposes = {};
  for await (const { purpose } of client.files.list())
    purposes[purpose] = (purposes[purpose] ?? 0) + 1;
  assert.deepEqual(purposes, { user_data: 5, batch: 1, batch_output: 45 });
});

test("tenants: another key → finds nothing of this one's, and changes nothing", async () => {
  const batch = await end(client, await create(client, items(2)));
  const other = server.client(otherKey);
  const notFound = (ask) => assert.rejects(ask, { status: 404 });
  await notFound(other.batches.retrieve(batch.id));
  await notFound(other.batches.cancel(batch.id));
  for (const id of [batch.input_file_id, batch.output_file_id]) {
    await notFound(other.files.retrieve(id));
    await notFound(other.files.content(id));
    await notFound(other.files.delete(id));
  }
  assert.deepEqual((await other.batches.list()).data, []);
  assert.deepEqual((await other.files.list()).data, []);
  assert.deepEqual((await other.batches.list({ after: batch.id })).data, []);

  assert.deepEqual(await client.batches.retrieve(batch.id), batch);
  assert.equal((await client.files.retrieve(batch.output_file_id)).id, batch.output_file_id);
});

test("batches: an unknown one → 404 in the vendor's words", async () => {
  for (const id of ["batch_nope", "batch_" + "0".repeat(32), "a b/c?"]) {
    await assert.rejects(client.batches.retrieve(id), ({ status, error }) => {
      assert.equal(status, 404);
      assert.deepEqual(error, {
        message: `No batch found with id '${id}'.`,
        type: "invalid_request_error",
        param: null,
        code: null,
      });
      return true;
    });
  }
});

async function envelope(response) {
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.match(response.headers.get("x-request-id"), /^req_\w+$/);
  const { error, ...others } = await response.json();
  assert.deepEqual(others, {});
  assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
  return error;
}

test("requests: without a key, or with a wrong one → 401", async () => {
  const cases = [{ key: null }, { key: "wrong" }, { key: null, headers: { authorization: key } }];
  for (const init of cases) {
    for (const path of ["/batches", "/files", "/models"]) {
      const response = await server.fetch(path, init);
      assert.equal(response.status, 401);
      assert.equal((await envelope(response)).code, "invalid_api_key");
    }
  }
  await assert.rejects(server.client("wrong").batches.list(), { status: 401 });
});

test("requests: unknown paths and wrong methods → 404 and 405 as JSON", async () => {
  for (const path of ["/nothing", "/batches/a/b/c", "//batches", "/uploads"]) {
    const response = await server.fetch(path, { method: "POST" });
    assert.equal(response.status, 404, path);
    assert.ok((await envelope(response)).message.includes(path));
  }
  for (const [path, method, allow] of [
    ["/batches", "DELETE", "POST, GET"],
    ["/batches/batch_1/cancel", "GET", "POST"],
    ["/files/file-1/content", "PUT", "GET"],
  ]) {
    const response = await server.fetch(path, { method });
    assert.equal(response.status, 405, path);
    assert.equal(response.headers.get("allow"), allow);
    await envelope(response);
  }
});

test("requests: the other mount, health and models → there", async () => {
  const there = await fetch(`${server.url}/openai/v1/batches?limit=1`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal((await there.json()).data.length, 1);
  const health = await fetch(`${server.url}/healthz`);
  assert.equal(health.status, 200);
  const models = await client.models.list();
  assert.deepEqual(
    models.data.map(({ id }) => id),
    ["sandbox"],
  );
});
