// Files: retrieved, read in whole and in part, deleted; and batches that need them.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import { conserved, create, createFrom, end, item, items, textOf, upload } from "./batches.mjs";
import { serve, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url }) });
  client = server.client();
});
after(async () => {
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

const hash = (content) => createHash("sha256").update(content).digest("hex");

const gone = (id) => ({
  status: 404,
  error: {
    message: `No such File object: ${id}`,
    type: "invalid_request_error",
    param: "id",
    code: null,
  },
});

const notThere = (ask, id) =>
  assert.rejects(ask, ({ status, error }) => {
    assert.deepEqual({ status, error }, gone(id));
    return true;
  });

test("files: one is uploaded, retrieved and deleted → then it is gone", async () => {
  const text = textOf(items(2));
  const file = await upload(client, text, 'pro"mpts ü.jsonl');
  const { id, created_at, expires_at, ...rest } = file;
  assert.equal(expires_at - created_at, 30 * 86_400);
  assert.deepEqual(rest, {
    object: "file",
    bytes: Buffer.byteLength(text),
    filename: 'pro"mpts ü.jsonl',
    purpose: "batch",
    status: "processed",
    status_details: null,
    sha256: hash(text),
  });
  assert.deepEqual(await client.files.retrieve(id), file);
  assert.deepEqual(await client.files.delete(id), { id, object: "file", deleted: true });
  await notThere(client.files.retrieve(id), id);
  await notThere(client.files.content(id), id);
  await notThere(client.files.delete(id), id);
  const listed = (await client.files.list()).data.map((one) => one.id);
  assert.ok(!listed.includes(id));
});

test("files: larger than a part → the same bytes, in whole and in ranges", async () => {
  const part = 4 * 1024 * 1024;
  const bytes = randomBytes(2 * part + 12_345);
  const file = await client.files.create({
    file: new File([bytes], "noise.bin"),
    purpose: "user_data",
  });
  assert.equal(file.bytes, bytes.length);

  const whole = await client.files.content(file.id);
  assert.equal(whole.headers.get("content-length"), String(bytes.length));
  assert.equal(file.sha256, hash(bytes));
  assert.equal(hash(Buffer.from(await whole.arrayBuffer())), hash(bytes));

  const read = (range) => server.fetch(`/files/${file.id}/content`, { headers: { range } });
  const size = bytes.length;
  for (const [range, from, to] of [
    ["bytes=0-0", 0, 1],
    ["bytes=10-19", 10, 20],
    [`bytes=${part - 5}-${part + 4}`, part - 5, part + 5],
    [`bytes=${part}-${2 * part}`, part, 2 * part + 1],
    [`bytes=${part - 1}-${2 * part + 99}`, part - 1, 2 * part + 100],
    [`bytes=${size - 3}-`, size - 3, size],
    ["bytes=-7", size - 7, size],
    [`bytes=${size - 1}-${size + 100}`, size - 1, size],
    [`bytes=-${size + 1}`, 0, size],
  ]) {
    const response = await read(range);
    assert.equal(response.status, 206, range);
    assert.equal(response.headers.get("content-range"), `bytes ${from}-${to - 1}/${size}`, range);
    assert.equal(response.headers.get("content-length"), String(to - from), range);
    assert.ok(bytes.subarray(from, to).equals(Buffer.from(await response.arrayBuffer())), range);
  }
  const beyond = await read(`bytes=${size}-`);
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get("content-range"), `bytes */${size}`);
  assert.equal((await read("lines=1-2")).status, 200, "other units are ignored");
});

test("files: an input of several parts → each item asked with its own bytes", async () => {
  // Lines of uneven length, so that some lie across the parts' borders.
  const lines = Array.from({ length: 64 }, (_, index) =>
    item(`big${index}`, "well", { padding: "é".repeat(40_000 + 997 * index) }),
  );
  const text = textOf(lines);
  assert.ok(Buffer.byteLength(text) > 8 * 1024 * 1024);
  const file = await upload(client, text);
  const batch = await end(client, await createFrom(client, file.id));
  await conserved(client, batch, lines);
  for (const line of lines) {
    const { custom_id } = JSON.parse(line);
    const [request, ...more] = provider.asked(custom_id);
    assert.deepEqual(more, []);
    const body = line.slice(line.indexOf('"body":') + 7, -1);
    assert.ok(request.body.equals(Buffer.from(body)), custom_id);
  }
});

test("files: a batch's results in ranges → pieces of the whole, across its shards", async () => {
  const lines = [
    ...items(520, "large 3000", "large"),
    item("bad", "status 400"),
    ...items(20, "well", "small"),
  ];
  const batch = await end(client, await create(client, lines));
  const { outputLines } = await conserved(client, batch, lines);
  const whole = Buffer.from(textOf(outputLines));
  assert.ok(whole.length > 1024 * 1024);
  for (const from of [0, 1_000_000, 1_048_576 - 50, whole.length - 80]) {
    const to = Math.min(from + 200_000, whole.length) - 1;
    const response = await server.fetch(`/files/${batch.output_file_id}/content`, {
      headers: { range: `bytes=${from}-${to}` },
    });
    assert.equal(response.status, 206);
    assert.ok(whole.subarray(from, to + 1).equals(Buffer.from(await response.arrayBuffer())));
  }
});

test("files: the input is deleted while its batch runs → the batch completes", async () => {
  provider.holdAgain();
  const lines = [...items(10, "well", "before"), ...items(510, "hold", "after")];
  const batch = await create(client, lines);
  await until("items wait", () => provider.held.length > 0);
  await client.files.delete(batch.input_file_id);
  await notThere(client.files.content(batch.input_file_id), batch.input_file_id);
  provider.release();
  const completed = await end(client, batch);
  assert.equal(completed.status, "completed");
  assert.equal(completed.input_file_id, batch.input_file_id);
  await conserved(client, completed, lines);
});

test("files: the output is deleted → gone; the error file and the batch stay", async () => {
  const lines = [item("kept", "status 400"), item("dropped")];
  const batch = await end(client, await create(client, lines));
  await client.files.delete(batch.output_file_id);
  await notThere(client.files.content(batch.output_file_id), batch.output_file_id);
  const errors = await (await client.files.content(batch.error_file_id)).text();
  assert.equal(JSON.parse(errors).custom_id, "kept");
  assert.equal((await client.batches.retrieve(batch.id)).status, "completed");
});
