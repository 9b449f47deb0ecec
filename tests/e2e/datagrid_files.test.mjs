// Datagrid's files: uploaded, read, given more time, deleted; and batches that need them nevertheless.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ConflictError, NotFoundError, toFile } from "datagrid-ai";

import { conserved, create, end, item, tally, thrown, upload } from "./datagrid.mjs";
import { countingFetch, newFolder, serve, sleep, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  // One item at a time, so that the others wait.
  server = await serve({ env: upstreams({ url: provider.url, concurrency: 1 }) });
  client = server.datagrid();
});
after(async () => {
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

const listed = async () => (await client.files.list({ limit: 100 })).data.map(({ id }) => id);

/** That nothing of it is there any more. */
async function gone(id) {
  for (const call of ["retrieve", "update", "content", "delete"])
    await thrown(client.files[call](id), NotFoundError);
  assert.ok(!(await listed()).includes(id));
}

test("files: uploaded, retrieved, read, deleted → an object, its bytes, 204, then nothing", async () => {
  const file = await upload(client, "# hello", 'no"tes ü.md');
  const { id, created_at, ...rest } = file;
  assert.match(id, /^file_[\w-]+$/);
  assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Math.abs(new Date(created_at) - Date.now()) < 60_000);
  assert.deepEqual(rest, {
    object: "file",
    filename: 'no"tes ü.md',
    media_type: "text/markdown",
    expires_at: null,
    credits: null,
    sha256: createHash("sha256").update("# hello").digest("hex"),
  });
  assert.deepEqual(await client.files.retrieve(id), file);
  assert.ok((await listed()).includes(id));

  const content = await client.files.content(id);
  assert.equal(content.headers.get("content-type"), "text/markdown");
  assert.equal(await content.text(), "# hello");

  const deleted = await client.files.delete(id).asResponse();
  assert.equal(deleted.status, 204);
  assert.equal(await deleted.text(), "");
  await gone(id);
  assert.equal(await client.files.delete((await upload(client, "x")).id), null, "SDK's nothing");
});

test("files: a stream from the disk, bytes with a type of their own → the same bytes, that type", async () => {
  const bytes = randomBytes(100_000);
  const path = join(newFolder(), "noise.bin");
  writeFileSync(path, bytes);
  const cases = [
    [createReadStream(path), "noise.bin", "application/octet-stream"],
    [await toFile(bytes, "a.zip", { type: "application/zip" }), "a.zip", "application/zip"],
    [await toFile(Buffer.from("<p>"), "a", { type: "text/html" }), "a", "text/html"],
    [await toFile(Buffer.from("%PDF-1.4"), "a", { type: "text/html" }), "a", "application/pdf"],
    [await toFile(Buffer.from("text"), "a.csv", { type: "image/png" }), "a.csv", "text/csv"],
  ];
  for (const [source, filename, mediaType] of cases) {
    const file = await client.files.create({ file: source });
    assert.deepEqual([file.filename, file.media_type], [filename, mediaType]);
    const content = await client.files.content(file.id);
    assert.equal(content.headers.get("content-type"), mediaType);
    const found = Buffer.from(await content.arrayBuffer());
    if (mediaType.startsWith("application/") && filename !== "a") assert.ok(found.equals(bytes));
  }
});

test("files: content in ranges, known content → 206, 304", async () => {
  const { id } = await upload(client, "0123456789");
  // Where compressed text is taken, the platform's edge compresses it, and there is no length.
  const identity = { "accept-encoding": "identity" };
  const read = (headers) =>
    server.fetch(`/files/${id}/content`, { headers: { ...identity, ...headers } });
  const whole = await read({});
  assert.equal(whole.headers.get("content-length"), "10");
  const part = await read({ range: "bytes=2-4" });
  assert.deepEqual([part.status, await part.text()], [206, "234"]);
  assert.equal(part.headers.get("content-range"), "bytes 2-4/10");
  assert.equal((await read({ "if-none-match": whole.headers.get("etag") })).status, 304);
  assert.equal((await read({ "if-none-match": '"other"' })).status, 200);
});

test("expires_after: at creation, anew → from creation, from now on; then the file is gone", async () => {
  const seconds = (file, from = new Date(file.created_at)) =>
    (new Date(file.expires_at) - from) / 1000;
  const hour = await upload(client, "hour", "a.txt", { expires_after: 3_600 });
  assert.equal(seconds(hour), 3_600);
  const longest = await upload(client, "longest", "a.txt", { expires_after: 518_400 });
  assert.equal(seconds(longest), 518_400);

  const before = Date.now();
  const moved = await client.files.update(hour.id, { expires_after: 7_200 });
  assert.deepEqual({ ...moved, expires_at: hour.expires_at }, hour);
  assert.ok(seconds(moved, before) >= 7_200 && seconds(moved, Date.now()) <= 7_200);
  assert.deepEqual(await client.files.retrieve(hour.id), moved);
  for (const nothing of [undefined, {}, { expires_after: null }])
    assert.deepEqual(await client.files.update(hour.id, nothing), moved, "unchanged");

  await client.files.update(hour.id, { expires_after: 1 });
  await until("the file expires", async () => !(await listed()).includes(hour.id));
  await gone(hour.id);
});

test("expires_after: of a permanent file → conflict, once, and it stays", async () => {
  const file = await upload(client, "permanent");
  const counting = countingFetch();
  const ask = server.datagrid({ fetch: counting }).files.update(file.id, { expires_after: 60 });
  const { error, status, headers } = await thrown(ask, ConflictError);
  assert.equal(counting.requests, 1);
  assert.equal(headers["x-should-retry"], "false");
  assert.deepEqual([status, error.status_code, error.error], [409, 409, "conflict"]);
  assert.ok(error.message.includes(file.id), error.message);
  assert.deepEqual(await client.files.update(file.id, {}), file);
});

test("pins: files deleted or expired once the batch is created → the provider gets them", async () => {
  provider.holdAgain();
  const bytes = Buffer.concat([Buffer.from("%PDF-1.4\n"), randomBytes(5 * 1024 * 1024)]);
  const first = await upload(client, "pins hold", "first.txt");
  const [at_once, later] = [await upload(client, bytes), await upload(client, "%PDF-1.4 later")];
  const brief = await upload(client, "%PDF-1.4 brief", "b.pdf", { expires_after: 3 });
  const items = [first, at_once, later, brief].map(({ id }, index) => {
    return { custom_id: `pin${index}`, file_id: id };
  });
  const batch = await create(client, items, { prompt: "pins hold" });
  await client.files.delete(at_once.id);
  await until("the first item waits", () => provider.held.length === 1);
  await client.files.delete(later.id);
  await until("the file expires", async () => !(await listed()).includes(brief.id));
  for (const { id } of [at_once, later, brief]) await gone(id);
  assert.equal(provider.requests.length, 1, "the others haven't been asked for");

  provider.release();
  const completed = await end(client, batch);
  assert.equal(completed.status, "completed", JSON.stringify(completed));
  assert.deepEqual(tally(await conserved(client, completed, items)), { succeeded: 4 });
  const files = provider.asked("pins").map(({ file }) => file.bytes);
  assert.ok(files[1].equals(bytes));
  assert.deepEqual(files.slice(2).map(String), ["%PDF-1.4 later", "%PDF-1.4 brief"]);

  // Another batch doesn't find what is hidden, even while it is pinned.
  const late = await end(client, await create(client, items));
  assert.equal(late.status, "failed");
  const kinds = { batch_validation_failed: 1, file_not_found: 3 };
  assert.deepEqual(tally(await conserved(client, late, items)), kinds);
});

test("pins: a file is deleted after the batch's end → its results stay", async () => {
  const only = await item(client, "stays");
  const batch = await end(client, await create(client, [only]));
  await client.files.delete(only.file_id);
  assert.deepEqual(await client.batchPredictions.retrieve(batch.id), batch);
  assert.deepEqual(tally(await conserved(client, batch, [only])), { succeeded: 1 });
});
