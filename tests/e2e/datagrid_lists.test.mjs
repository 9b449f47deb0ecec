// Datagrid's lists, page by page, while what they list changes; and vendors that don't see each other's.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";

import {
  create as createForOpenAI,
  item as itemForOpenAI,
  textOf,
  upload as uploadForOpenAI,
} from "./batches.mjs";
import { checkView, create, creation, end, item, upload, watch } from "./datagrid.mjs";
import { countingFetch, key, serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const count = 45;

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url }) });
  client = server.datagrid();
});
after(async () => {
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

const idsOf = (list) => list.map(({ id }) => id);

test("lists: nothing there yet → empty, not missing", async () => {
  const of = async (path) => (await server.fetch(path, { mount: "/datagrid/v1" })).json();
  const empty = { object: "list", data: [], has_more: false };
  assert.deepEqual(await of("/batch-predictions"), { ...empty, next_cursor: null });
  assert.deepEqual(await of("/files"), empty);
});

// ---- Batches

/** By the SDK; no page is empty, but an only one. */
async function walk(query, between = () => {}) {
  const counting = countingFetch();
  const found = [];
  const first = await server.datagrid({ fetch: counting }).batchPredictions.list(query);
  for await (const page of first.iterPages()) {
    const { data, next_cursor, has_more, object, ...others } = page.body;
    assert.deepEqual({ object, others }, { object: "list", others: {} });
    assert.equal(has_more, next_cursor !== null);
    assert.ok(data.length > 0 || (counting.requests === 1 && !has_more), "an empty page");
    assert.ok(
      !has_more || data.length === query.limit,
      "a page that isn't full, and isn't the last",
    );
    assert.ok(counting.requests <= count, "without end");
    for (const batch of data) checkView(batch, 1);
    found.push(...data);
    await between(data);
  }
  return { found, requests: counting.requests };
}

test("lists: 45 batches, walked 7 at a time → each once, newest first, by status too", async () => {
  provider.holdAgain();
  const [waits, quick] = [await item(client, "waits", "hold"), await item(client, "quick")];
  const missing = { custom_id: "missing", file_id: "file_nope" };
  const made = [];
  for (let index = 0; index < count; ++index) {
    const only = [waits, quick, waits, missing, waits][index % 5];
    made.push(await create(client, [only], { metadata: { index: String(index) } }));
  }
  const newest = idsOf(made).reverse();
  const byId = new Map(made.map((batch) => [batch.id, batch]));
  const some = (residues) => newest.filter((_, at) => residues.includes((count - 1 - at) % 5));

  const all = await walk({ limit: 7 });
  assert.equal(all.requests, Math.ceil(count / 7));
  assert.deepEqual(idsOf(all.found), newest);
  assert.equal(all.found[0].metadata.index, String(count - 1));
  const { data } = await client.batchPredictions.list();
  assert.deepEqual(idsOf(data), newest.slice(0, 20), "20, if nothing else is asked for");

  await Promise.all(some([1, 3]).map((id) => end(client, byId.get(id))));
  for (const [status, residues] of [
    ["completed", [1]],
    ["failed", [3]],
    ["cancelled", []],
    ["expired", []],
    ["finalizing", []],
  ]) {
    const { found, requests } = await walk({ limit: 7, status });
    assert.deepEqual(idsOf(found), some(residues), status);
    assert.ok(found.every((batch) => batch.status === status));
    assert.equal(requests, Math.max(1, Math.ceil(found.length / 7)), status);
  }
  // Pages that end exactly at the list's end have no cursor.
  for (const [limit, requests] of [
    [3, 3],
    [9, 1],
    [100, 1],
  ])
    assert.equal((await walk({ limit, status: "completed" })).requests, requests);

  // What leaves the list while it is walked, the cursor included, is neither skipped nor repeated.
  const running = ({ status }) => status === "in_progress";
  await Promise.all(some([0, 2, 4]).map((id) => watch(client, byId.get(id), running)));
  const changing = await walk({ limit: 7, status: "in_progress" }, async (page) => {
    await client.batchPredictions.cancel(page.at(-1).id);
    await client.batchPredictions.cancel(page[0].id);
  });
  assert.deepEqual(idsOf(changing.found), some([0, 2, 4]));
  const cancelling = await walk({ limit: 2, status: "cancelling" });
  assert.equal(cancelling.found.length, 8);

  provider.release();
  await Promise.all(made.map((batch) => end(client, batch)));
  const statuses = {};
  for await (const { status } of client.batchPredictions.list({ limit: 100 }))
    statuses[status] = (statuses[status] ?? 0) + 1;
  assert.deepEqual(statuses, { completed: 28, failed: 9, cancelled: 8 });
  for await (const batch of client.batchPredictions.list({ limit: 50 }))
    assert.deepEqual(batch, await client.batchPredictions.retrieve(batch.id));
});

// ---- Files

test("lists: 45 files, walked by the SDK forwards and backwards → each once", async () => {
  const space = server.datagrid({ teamspace: "files" });
  const made = [];
  for (let index = 0; index < count; ++index)
    made.push(await upload(space, `file ${index}`, `${index}.txt`));
  const newest = [...made].reverse();

  const walk = async (query) => {
    const counting = countingFetch();
    const it = server.datagrid({ teamspace: "files", fetch: counting });
    const pages = [];
    for await (const page of (await it.files.list(query)).iterPages()) {
      pages.push(page);
      assert.ok(pages.length <= count, "without end");
    }
    for (const { data } of pages.slice(0, -1)) assert.ok(data.length > 0, "ends early");
    return { pages, requests: counting.requests, data: pages.map(({ data }) => data) };
  };
  const forwards = await walk({ limit: 7 });
  assert.deepEqual(forwards.data.flat(), newest);
  assert.equal(forwards.requests, Math.ceil(count / 7) + 1, "until an empty page");
  assert.deepEqual(
    forwards.pages.map(({ body }) => body.has_more),
    [...Array(6).fill(true), false, false],
  );

  // Each page is the one in front of the last, and newest first itself.
  const backwards = await walk({ limit: 7, before: made[0].id });
  assert.deepEqual(backwards.data.reverse().flat(), newest.slice(0, -1));
  assert.equal((await space.files.list()).data.length, 20, "20, if nothing else is asked for");
  const middle = (await space.files.list({ limit: 5, after: made[20].id })).data;
  assert.deepEqual(middle, made.slice(15, 20).reverse());
  const front = (await space.files.list({ limit: 5, before: made[20].id })).data;
  assert.deepEqual(front, made.slice(21, 26).reverse());

  // Where a cursor was is known when it is gone.
  await space.files.delete(made[20].id);
  assert.deepEqual((await space.files.list({ limit: 5, after: made[20].id })).data, middle);
  assert.deepEqual((await space.files.list({ limit: 5, before: made[20].id })).data, front);
  assert.deepEqual((await space.files.list({ before: newest[0].id })).data, []);
  assert.deepEqual((await space.files.list({ after: made[0].id })).data, []);
});

// ---- Who sees what

/** A request without any header that Node's fetch would add. */
async function bare(method, path, body = "", headers = {}) {
  const all = { authorization: `Bearer ${key}`, ...headers };
  const response = await new Promise((resolve, reject) =>
    request(`${server.url}/v1${path}`, { method, headers: all }, resolve)
      .on("error", reject)
      .end(body),
  );
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks)) };
}

const form = (purpose) => {
  const part = (head, value) =>
    `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const file = part('name="file"; filename="in.jsonl"', textOf([itemForOpenAI("a")]));
  return `${file}${purpose ? part('name="purpose"', purpose) : ""}--b--\r\n`;
};

test("vendors: uploads by curl → with a purpose OpenAI's, without one Datagrid's", async () => {
  const type = { "content-type": "multipart/form-data; boundary=b" };
  const upload = (purpose, headers) =>
    bare("POST", "/files", form(purpose), { ...type, ...headers });
  const theirs = await upload("batch");
  assert.equal(theirs.status, 200);
  assert.match(theirs.body.id, /^file-/);
  assert.equal(theirs.body.purpose, "batch");
  assert.equal((await bare("GET", `/files/${theirs.body.id}`)).body.bytes, theirs.body.bytes);

  const ours = await upload(undefined);
  assert.equal(ours.status, 201);
  assert.match(ours.body.id, /^file_/);
  assert.deepEqual(await client.files.retrieve(ours.body.id), ours.body);
  assert.deepEqual((await bare("GET", `/files/${ours.body.id}`)).body, ours.body);

  // A form decides, whatever the client calls itself.
  const odd = await upload("batch", { "user-agent": "Datagrid/JS 0.17.2" });
  assert.match(odd.body.id, /^file-/);
});

test("vendors: lists, files and batches → nobody sees another's", async () => {
  const openai = server.client();
  const theirs = await uploadForOpenAI(openai, textOf([itemForOpenAI("a")]));
  const ours = await upload(client, "ours");
  const listed = { ours: [], theirs: [] };
  for await (const { id } of client.files.list({ limit: 100 })) listed.ours.push(id);
  for await (const { id } of openai.files.list()) listed.theirs.push(id);
  assert.ok(listed.ours.includes(ours.id) && listed.ours.every((id) => id.startsWith("file_")));
  assert.ok(
    listed.theirs.includes(theirs.id) && listed.theirs.every((id) => id.startsWith("file-")),
  );
  assert.deepEqual(
    idsOf((await bare("GET", "/files")).body.data),
    listed.theirs,
    "curl's is OpenAI's",
  );

  const theirBatch = await createForOpenAI(openai, [itemForOpenAI("b")]);
  const ourBatch = await create(client, [await item(client, "c")]);
  const batches = { ours: [], theirs: [] };
  for await (const { id } of client.batchPredictions.list({ limit: 100 })) batches.ours.push(id);
  for await (const { id } of openai.batches.list({ limit: 100 })) batches.theirs.push(id);
  assert.ok(batches.ours.includes(ourBatch.id));
  assert.deepEqual(
    batches.ours.filter((id) => !id.startsWith("bpred_")),
    [],
  );
  assert.ok(batches.theirs.includes(theirBatch.id));
  assert.deepEqual(
    batches.theirs.filter((id) => !id.startsWith("batch_")),
    [],
  );
});

test("teamspaces: of one key → each has its own files and batches, and finds nobody else's", async () => {
  const [a, b] = ["drawings", "letters"].map((teamspace) => server.datagrid({ teamspace }));
  const mine = await item(a, "mine");
  const batch = await end(a, await create(a, [mine]));
  assert.equal(batch.status, "completed");
  assert.deepEqual(idsOf((await a.files.list()).data), [mine.file_id]);
  assert.deepEqual(idsOf((await a.batchPredictions.list()).data), [batch.id]);
  for (const other of [b, client]) {
    for (const ask of [
      () => other.files.retrieve(mine.file_id),
      () => other.files.content(mine.file_id),
      () => other.files.delete(mine.file_id),
      () => other.batchPredictions.retrieve(batch.id),
      () => other.batchPredictions.cancel(batch.id),
      () => other.batchPredictions.retrieveResults(batch.id),
    ])
      await assert.rejects(ask, { status: 404 });
    assert.ok(!idsOf((await other.batchPredictions.list()).data).includes(batch.id));
    assert.ok(!idsOf((await other.files.list()).data).includes(mine.file_id));
  }
  const failed = await end(b, await b.batchPredictions.create(creation([mine])));
  assert.equal(failed.status, "failed", "another teamspace's file isn't there");
  assert.deepEqual(await a.batchPredictions.retrieve(batch.id), batch);
  assert.equal((await a.files.retrieve(mine.file_id)).id, mine.file_id);
});
