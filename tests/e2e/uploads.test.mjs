// Uploads that are refused, and what an upload leaves behind.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { item, textOf } from "./batches.mjs";
import { serve } from "./harness.mjs";

let server, client;

before(async () => {
  server = await serve();
  client = server.client();
});
after(async () => {
  await server?.stop();
});

const good = textOf([item("a")]);

function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

const named = (name, content = good) => new File([content], name);

async function refused(init) {
  const response = await server.fetch("/files", { method: "POST", ...init });
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.match(response.headers.get("x-request-id"), /^req_/);
  const { error, ...others } = await response.json();
  assert.deepEqual(others, {});
  assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
  assert.equal(response.status, 400, error.message);
  assert.equal(error.type, "invalid_request_error");
  return error;
}

test("upload: what can't be a batch's input → 400 that says why", async () => {
  const jsonl = /invalid file format.*jsonl/i;
  const cases = [
    [named("in.jsonl", ""), jsonl],
    [named("in.jsonl", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a])), /utf-8 encoded/i],
    [named("in.jsonl", Buffer.from(good + item("\u00e9"), "latin1")), /utf-8 encoded/i],
    [named("in.jsonl", "hello\n" + good), jsonl],
    [named("in.jsonl", "\n" + good), jsonl],
    [named("in.txt"), /^Invalid file format for Batch API. Must be .jsonl$/],
    [named("in.jsonl.zip"), /^Invalid file format for Batch API. Must be .jsonl$/],
  ];
  for (const [file, message] of cases) {
    const error = await refused({ body: form({ file, purpose: "batch" }) });
    assert.match(error.message, message);
    const before = await refused({ body: form({ purpose: "batch", file }) });
    assert.equal(before.message, error.message, "the fields' order doesn't matter");
  }
});

test("upload: the form lacks a field, or has a wrong one → 400 that names it", async () => {
  const file = named("in.jsonl");
  // Below /v1, a file without a purpose is Datagrid's.
  const without = await refused({ mount: "/openai/v1", body: form({ file }) });
  assert.deepEqual([without.param, without.code], ["purpose", "missing_required_parameter"]);
  const wrong = await refused({ body: form({ file, purpose: "fun" }) });
  assert.deepEqual([wrong.param, wrong.code], ["purpose", "invalid_value"]);
  const fileless = await refused({ body: form({ purpose: "batch" }) });
  assert.deepEqual([fileless.param, fileless.code], ["file", "missing_required_parameter"]);
  const expiry = { "expires_after[anchor]": "created_at", "expires_after[seconds]": "60" };
  const early = await refused({ body: form({ file, purpose: "batch", ...expiry }) });
  assert.equal(early.param, "expires_after[seconds]");
});

test("upload: not a form, or a torn one → 400", async () => {
  const json = await refused({ headers: { "content-type": "application/json" }, body: "{}" });
  assert.match(json.message, /multipart\/form-data/);
  const type = "multipart/form-data; boundary=abc";
  const head = '--abc\r\nContent-Disposition: form-data; name="file"; filename="in.jsonl"\r\n\r\n';
  await refused({ headers: { "content-type": "multipart/form-data" }, body: head });
  for (const body of ["", "nothing", head, `${head}${good}`, `${head}${good}\r\n--abc\r\n`]) {
    await refused({ headers: { "content-type": type }, body });
  }
});

test("upload: other purposes → any content, by any name", async () => {
  for (const name of ["notes.txt", "picture.png", "none"]) {
    const file = await client.files.create({
      file: named(name, "\xff\x00anything"),
      purpose: "user_data",
    });
    assert.equal(file.filename, name);
    assert.equal(file.purpose, "user_data");
  }
});

test("upload: refused ones → not listed", async () => {
  const files = (await client.files.list()).data;
  assert.deepEqual(
    files.map(({ purpose }) => purpose),
    ["user_data", "user_data", "user_data"],
  );
});

test("upload: bad lines behind the first → taken; the batch will say so", async () => {
  const file = named("in.jsonl", good + "nonsense\n{}\n");
  const { status } = await client.files.create({ file, purpose: "batch" });
  assert.equal(status, "processed");
});
