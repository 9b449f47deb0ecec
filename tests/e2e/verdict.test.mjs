// The verdict on an input before there is a batch: on the body itself, and on an uploaded file.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chat, createFrom, end, item, items, textOf, upload } from "./batches.mjs";
import { key, serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url, models: ["m"] }) });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

async function validate(body, query = "", headers = { authorization: `Bearer ${key}` }) {
  const response = await fetch(`${server.url}/v1/batches/validate${query}`, {
    method: "POST",
    headers,
    body,
    duplex: "half",
  });
  return { status: response.status, text: await response.text() };
}

test("verdict: a good input → valid, with what is in it; the same of the file", async () => {
  const text = textOf(items(5));
  const { status, text: said } = await validate(text, `?endpoint=${chat}`);
  assert.equal(status, 200);
  const verdict = JSON.parse(said);
  assert.deepEqual(verdict, {
    object: "batch.input.verdict",
    valid: true,
    bytes: Buffer.byteLength(text),
    lines: 5,
    items: 5,
    urls: [{ url: chat, items: 5 }],
    models: [{ model: "m", items: 5 }],
    estimated_input_tokens: verdict.estimated_input_tokens,
    errors_count: 0,
    errors: [],
  });
  const file = await upload(client, text);
  assert.deepEqual(await client.get(`/files/${file.id}/verdict`), verdict);
});

test("verdict: every error of a line → line, columns, offset, pointer, message and hint", async () => {
  const good = item("a");
  const bad = '{"custom_id":"é","method":"GET","url":"/v1/embeddings","body":{"model":"m"}}';
  const file = await upload(client, `${good}\n${bad}\n{"a":tru}\n${good}\n`);
  const verdict = await client.get(`/files/${file.id}/verdict`);
  const start = Buffer.byteLength(good) + 1;
  assert.deepEqual(
    verdict.errors.map(({ code, line, column, byte_column, offset, pointer, first_line }) => [
      code, line, column, byte_column, offset, pointer, first_line,
    ]),
    [
      ["invalid_value", 2, 27, 28, start + 27, "/method", null],
      ["invalid_request", 2, 63, 64, start + 63, "/body/input", null],
      ["invalid_json_line", 3, 9, 9, start + Buffer.byteLength(bad) + 1 + 8, "/a", null],
      ["duplicate_custom_id", 4, 14, 14, verdict.errors[3].offset, "/custom_id", 1],
    ],
  );
  for (const { message, hint } of verdict.errors) assert.ok(message && hint);

  // A batch of it says the same of the same lines as the verdict for its endpoint does.
  const forChat = await client.get(`/files/${file.id}/verdict?endpoint=${chat}`);
  const batch = await end(client, await createFrom(client, file.id));
  assert.equal(batch.status, "failed");
  const brief = ({ code, line, message }) => ({ code, line, message });
  assert.deepEqual(batch.errors.data.map(brief), forChat.errors.map(brief));
});

test("verdict: another endpoint, a model that nobody serves → said of the file, too", async () => {
  const file = await upload(client, textOf([item("a"), item("b", "well", { model: "unheard-of" })]));
  const codes = async (query) =>
    (await client.get(`/files/${file.id}/verdict${query}`)).errors.map(({ code, line }) => [code, line]);
  assert.deepEqual(await codes(""), [["model_not_found", 2]]);
  assert.deepEqual(await codes("?endpoint=/v1/embeddings"), [
    ["invalid_url", 1], ["invalid_url", 2], ["model_not_found", 2],
  ]);
});

test("verdict: a stream of 20,000 bad lines → the first 1,000 errors, and their number", async () => {
  const piece = Buffer.from('{"custom_id":1}\n'.repeat(1_000));
  const body = new ReadableStream({
    pull: (() => {
      let left = 20;
      return (controller) => (left-- > 0 ? controller.enqueue(piece) : controller.close());
    })(),
  });
  const verdict = JSON.parse((await validate(body)).text);
  assert.equal(verdict.items, 20_000);
  assert.equal(verdict.errors_count, 80_000);
  assert.equal(verdict.errors.length, 1_000);
});

test("verdict: no key, an endpoint that is none, a file that is no input → refused as ever", async () => {
  assert.equal((await validate("{}", "", {})).status, 401);
  const { status, text } = await validate("{}", "?endpoint=/v1/x");
  assert.equal(status, 400);
  assert.equal(JSON.parse(text).error.param, "endpoint");
  const other = await client.files.create({ file: new File(["text"], "a.txt"), purpose: "user_data" });
  await assert.rejects(client.get(`/files/${other.id}/verdict`), { status: 400 });
  await assert.rejects(client.get(`/files/file-${"0".repeat(32)}/verdict`), { status: 404 });
});
