// Uploads that are refused, and what an upload leaves behind; and many side by side.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { request } from "node:http";
import { after, before, test } from "node:test";

import { item, textOf } from "./batches.mjs";
import { key, serve, sleep, until } from "./harness.mjs";

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

test("upload: purpose before the file and behind it → the same file, with its digest", async () => {
  const file = () => named("in.jsonl");
  const sha256 = createHash("sha256").update(good).digest("hex");
  const made = [
    await client.files.create({ file: file(), purpose: "batch" }),
    await client.files.create({ purpose: "batch", file: file() }),
  ];
  for (const body of [form({ file: file(), purpose: "batch" }), form({ purpose: "batch", file: file() })]) {
    made.push(await (await server.fetch("/files", { method: "POST", body })).json());
  }
  for (const one of made) {
    assert.equal(one.purpose, "batch");
    assert.equal(one.bytes, good.length);
    assert.equal(one.sha256, sha256);
    assert.deepEqual(await client.files.retrieve(one.id), one);
    const content = await client.files.content(one.id);
    assert.equal(content.headers.get("etag"), `"${sha256}"`);
    assert.equal(await content.text(), good);
  }
  const listed = (await client.files.list({ purpose: "batch" })).data;
  for (const one of made) assert.deepEqual(listed.find(({ id }) => id === one.id), one);
});

// ---- Side by side

const uploads_count_max = 6; // As handlers/gateway/upload.hpp says.

/** An upload that has begun, and goes on when it is told to. */
class Slow {
  #request;
  #answered;

  constructor() {
    const boundary = "slow-boundary";
    const head = (name) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
    this.end = `\r\n--${boundary}--\r\n`;
    this.#request = request(`${server.url}/v1/files`, {
      agent: false,
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": `multipart/form-data; boundary=${boundary}`,
      },
    });
    this.#answered = new Promise((resolve, reject) =>
      this.#request.on("response", resolve).on("error", reject),
    );
    this.#answered.catch(() => {}); // Where it is broken off.
    this.#request.write(
      `${head("purpose")}\r\n\r\nbatch\r\n${head("file")}; filename="in.jsonl"\r\n\r\n${good}`,
    );
  }

  async finish() {
    this.#request.end(this.end);
    const response = await this.#answered;
    response.resume();
    return response.statusCode;
  }

  breakOff() {
    this.#request.destroy();
  }
}

const large = `${good}${" ".repeat(1024 * 1024)}`; // Above what needs no place.

function plain(content = large) {
  const body = form({ file: named("in.jsonl", content), purpose: "batch" });
  return server.fetch("/files", { method: "POST", body });
}

const statusOf = async (response) => {
  await response.arrayBuffer();
  return response.status;
};

/**
 * So many slow uploads that no place is left. Only the next upload can tell; and where they had not all begun,
 * that one may have taken the place of one of them: then once more, and with more time.
 */
async function full() {
  for (let ms = 500; ms < 30_000; ms *= 2) {
    const slow = Array.from({ length: uploads_count_max }, () => new Slow());
    await sleep(ms);
    if ((await statusOf(await plain())) === 503) return slow;
    for (const one of slow) one.breakOff();
    await sleep(ms);
  }
  return assert.fail("no upload was answered 503");
}

test("upload: as many side by side as there are places → one more 503, until one ends", async () => {
  const slow = await full();
  const refused = await plain();
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "5");
  assert.equal((await refused.json()).error.type, "server_error");
  const body = form({ file: named("a.txt", large) });
  const theirs = await server.fetch("/files", { method: "POST", mount: "/datagrid/v1", body });
  assert.equal(theirs.status, 503);
  assert.equal(theirs.headers.get("retry-after"), "5");
  assert.equal((await theirs.json()).retryable, true);
  assert.equal(await statusOf(await plain(good)), 200, "a small one needs no place");

  assert.equal(await slow.pop().finish(), 200);
  assert.equal(await statusOf(await plain()), 200, "a place is free");
  for (const one of slow) assert.equal(await one.finish(), 200);
});

test("upload: one of as many as there are places breaks off → a place is free", async () => {
  const slow = await full();
  slow.pop().breakOff();
  await until("an upload is taken", async () => (await statusOf(await plain())) === 200);
  for (const one of slow) assert.equal(await one.finish(), 200);
});

test("upload: the Datagrid SDK meets 503, and can't send its body again → an error, not a wait", async () => {
  const slow = await full();
  const theirs = server.datagrid();
  await assert.rejects(theirs.files.create({ file: named("a.txt", large) }), { status: 503 });
  for (const one of slow) assert.equal(await one.finish(), 200);
});

test("upload: the SDK meets 503 → comes again when it was told, and succeeds", async () => {
  const slow = await full();
  let tries = 0;
  const counting = (url, init) => {
    if (String(url).endsWith("/files")) tries += 1; // It also asks for what needs no server.
    return fetch(url, init);
  };
  const start = performance.now();
  const patient = server.client(key, { fetch: counting });
  const created = patient.files.create({ file: named("in.jsonl", large), purpose: "batch" });
  await until("it is refused", () => tries > 0);
  await sleep(1_000);
  assert.equal(await slow.pop().finish(), 200);
  assert.equal((await created).bytes, large.length);
  assert.equal(tries, 2);
  assert.ok(performance.now() - start >= 4_900, "it waited for as long as it was told");
  for (const one of slow) assert.equal(await one.finish(), 200);
});
