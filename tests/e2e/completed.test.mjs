// Batches that run to their end: what the provider is asked, and what comes back.
import assert from "node:assert/strict";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  chat,
  conserved,
  create,
  createFrom,
  end,
  item,
  items,
  tally,
  textOf,
  upload,
} from "./batches.mjs";
import { newFolder, serve, upstreams } from "./harness.mjs";
import { Provider, awkward } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  const [url, key] = [provider.url, "provider-key"];
  const list = upstreams(
    { models: ["m"], url, key },
    { models: { alias: "as-they-call-it" }, url },
  );
  server = await serve({ env: list });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

async function run(lines, options) {
  const batch = await end(client, await create(client, lines, options));
  assert.equal(batch.status, "completed");
  return { batch, ...(await conserved(client, batch, lines)) };
}

const bodyOf = (name) => provider.asked(name).map(({ body }) => body.toString());

test("completed: a stream is uploaded in chunks → each item asked once, its answer in its line", async () => {
  const lines = items(30, "well", "stream");
  const path = join(newFolder(), "prompts.jsonl");
  writeFileSync(path, textOf(lines));
  const file = await client.files.create({ file: createReadStream(path), purpose: "batch" });
  assert.equal(file.filename, "prompts.jsonl");
  assert.equal(file.bytes, Buffer.byteLength(textOf(lines)));

  const batch = await end(client, await createFrom(client, file.id));
  const { output } = await conserved(client, batch, lines);
  for (const { custom_id, response } of output) {
    const [request, ...more] = provider.asked(custom_id);
    assert.deepEqual(more, [], "asked exactly once");
    assert.equal(response.body.id, `answer-${request.number}`);
    assert.equal(request.path, "/v1/chat/completions");
    assert.equal(request.headers["content-type"], "application/json");
    assert.equal(request.headers["authorization"], "Bearer provider-key");
  }
});

test("completed: the batch object → all of its members, timestamps in order, usage summed", async () => {
  const lines = items(5, "well", "object");
  const { batch } = await run(lines, { metadata: { project: "π", empty: "" } });
  const { id, input_file_id, output_file_id, ...rest } = batch;
  assert.match(id, /^batch_[\w-]+$/);
  assert.match(input_file_id, /^file-[\w-]+$/);
  assert.match(output_file_id, /^file-[\w-]+$/);

  const { created_at, in_progress_at, finalizing_at, completed_at, expires_at, ...others } = rest;
  const moments = [created_at, in_progress_at, finalizing_at, completed_at];
  assert.deepEqual(
    moments,
    [...moments].sort((a, b) => a - b),
  );
  assert.ok(Math.abs(created_at - Date.now() / 1000) < 60);
  assert.equal(expires_at - created_at, 86_400);
  assert.deepEqual(others, {
    object: "batch",
    endpoint: chat,
    model: "m",
    errors: null,
    job_id: null,
    completion_window: "24h",
    status: "completed",
    error_file_id: null,
    failed_at: null,
    expired_at: null,
    cancelling_at: null,
    cancelled_at: null,
    request_counts: { total: 5, completed: 5, failed: 0 },
    usage: {
      input_tokens: 15,
      input_tokens_details: { cached_tokens: 10 },
      output_tokens: 25,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 40,
    },
    metadata: { project: "π", empty: "" },
  });

  const file = await client.files.retrieve(output_file_id);
  assert.equal(file.purpose, "batch_output");
  assert.equal(file.filename, `${id}_output.jsonl`);
  assert.equal(file.status, "processed");
  assert.equal(file.expires_at - file.created_at, 30 * 86_400);
  assert.equal(
    file.bytes,
    (await (await client.files.content(output_file_id)).arrayBuffer()).byteLength,
  );
});

test("completed: result lines → member for member as the vendor writes them", async () => {
  const { output, errors } = await run([item("good"), item("bad", "status 400")]);
  const [{ id: goodId, ...good }] = output;
  const [{ id: badId, ...bad }] = errors;
  for (const id of [goodId, badId]) assert.match(id, /^batch_req_\w+$/);
  assert.deepEqual(Object.keys(output[0]), ["id", "custom_id", "response", "error"]);
  assert.deepEqual(Object.keys(errors[0]), ["id", "custom_id", "response", "error"]);
  const [{ number }] = provider.asked("good");
  assert.equal(good.response.body.id, `answer-${number}`);
  delete good.response.body;
  assert.deepEqual(good, {
    custom_id: "good",
    response: { status_code: 200, request_id: "request-200" },
    error: null,
  });
  assert.deepEqual(bad, {
    custom_id: "bad",
    response: {
      status_code: 400,
      request_id: "request-400",
      body: {
        error: {
          message: "no, bad",
          type: "invalid_request_error",
          param: null,
          code: "not_today",
        },
      },
    },
    error: null,
  });
});

test("completed: a body written in its own way → reaches the provider byte for byte", async () => {
  const message = (name) => `[{"role": "user", "content":"${name} well"}]`;
  const bodies = {
    spaced: `{ "model" : "m" , "messages" :\t${message("spaced")} , "temperature" : 1.0 }`,
    numbers: `{"model":"m","seed":12345678901234567890,"top_p":1e-2,"messages":${message("numbers")}}`,
    escapes: `{"messages":${message("escapes")},"user":"\\u00e9é\\/\\ud83d\\ude00😀\u2028\u2029\u0085\\ud800","model":"m"}`,
    twins: `{"model":"m","a":{"model":"x","stream":true},"messages":${message("twins")},"b":[{"body":{}}]}`,
  };
  const lines = Object.entries(bodies).map(
    ([id, body]) =>
      ` { "url":"${chat}", "body" :${body} ,"custom_id":"${id}","method":"POST","more":[1]}\r`,
  );
  await run(lines);
  for (const [name, body] of Object.entries(bodies)) assert.deepEqual(bodyOf(name), [body], name);
});

test("completed: the upstream calls the model otherwise → only the model's bytes change", async () => {
  const body = `{ "messages":[{"role":"user","content":"renamed well \\"model\\":\\"alias\\""}],"x":{"model":"alias"}, "model" :\t"alias" , "seed":1.0}`;
  const { batch } = await run([`{"custom_id":"r","method":"POST","url":"${chat}","body":${body}}`]);
  assert.equal(batch.model, "alias");
  assert.deepEqual(bodyOf("renamed"), [body.replace('\t"alias"', '\t"as-they-call-it"')]);
  assert.equal(provider.asked("renamed")[0].headers["authorization"], undefined);
});

test("completed: custom_ids of every kind → come back as they were", async () => {
  const ids = [
    "",
    " ",
    'a/b\\c"d',
    "日本語 😀",
    "x".repeat(512),
    "tab\there",
    awkwardId(),
    "__proto__",
    "0",
  ].slice(1);
  const lines = ids.map((id, index) =>
    JSON.stringify({ ...JSON.parse(item(`kind${index}`)), custom_id: id }),
  );
  const { output } = await run(lines);
  assert.deepEqual(
    output.map(({ custom_id }) => custom_id),
    ids,
  );
});

function awkwardId() {
  return "one\u2028two\u2029three\u0085four";
}

test("completed: answers pretty-printed, with U+2028 and lone surrogates → one clean line each", async () => {
  const { output, outputLines } = await run([item("pretty1", "pretty"), item("pretty2", "pretty")]);
  for (const [index, line] of outputLines.entries()) {
    assert.doesNotMatch(line, /[\u2028\u2029\u0085\r]/);
    assert.doesNotMatch(line, /\\u(?=d[89a-f])/i, "no lone surrogate's escape");
    const { body } = output[index].response;
    const clean =
      awkward.toWellFormed?.() ?? awkward.replace(/\ud800|(?<!\ud83d)\ude00|\udc00/g, "\ufffd");
    assert.equal(body.choices[0].message.content, clean);
    assert.equal(body[clean], "one");
    assert.ok(line.includes('"big":12345678901234567890.10E+2'), "numbers stay as they are");
    const spaces = line.replaceAll(/"(\\.|[^"\\])*"/g, '""');
    assert.doesNotMatch(spaces, /\s/, "no whitespace between tokens");
  }
});

test("completed: every item fails → still completed, with an error file only", async () => {
  const { batch, errors } = await run([
    item("f1", "status 400"),
    item("f2", "status 404"),
    item("f3", "page 403"),
  ]);
  assert.equal(batch.output_file_id, null);
  assert.match(batch.error_file_id, /^file-/);
  assert.equal(batch.errors, null);
  assert.equal(batch.usage.total_tokens, 0);
  assert.deepEqual(tally({ output: [], errors }), { 400: 1, 403: 1, 404: 1 });
  const { error } = errors[2].response.body;
  assert.equal(error.message, "<html>Bad Gateway\u2028</html>", "a page is quoted");
  assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
  const file = await client.files.retrieve(batch.error_file_id);
  assert.equal(file.filename, `${batch.id}_error.jsonl`);
});

test("completed: answers that are compressed, elsewhere or too large → a line each, asked once", async () => {
  const { output, errors } = await run([
    item("zipped", "zip"),
    item("moved", "redirect"),
    item("huge", "large 8400000"),
  ]);
  assert.deepEqual(
    output.map(({ custom_id }) => custom_id),
    ["zipped"],
  );
  assert.equal(output[0].response.body.choices[0].message.content, "hello zipped");
  const [moved, huge] = errors;
  assert.equal(moved.response.status_code, 307);
  assert.equal(moved.response.body.error.code, "moved");
  assert.equal(huge.error.code, "upstream_response_too_large");
  for (const name of ["zipped", "moved", "huge"])
    assert.equal(provider.asked(name).length, 1, name);
});

test("completed: other endpoints → asked at their own path, usage counted", async () => {
  for (const [path, body] of Object.entries({
    "/v1/embeddings": { input: "embed well" },
    "/v1/responses": { input: "respond well" },
    "/v1/completions": { prompt: "complete well" },
  })) {
    const line = { custom_id: path, method: "POST", url: path, body: { model: "m", ...body } };
    const { batch } = await run([JSON.stringify(line)], { endpoint: path });
    const [name] = Object.values(body)[0].split(" ");
    assert.deepEqual(
      provider.asked(name).map((request) => request.path),
      [path],
    );
    assert.equal(batch.usage.total_tokens, 8);
  }
});

// ---- Other ways to upload

/** As httpx writes it: the fields first, a length, and no extension for bare bytes. */
async function uploadFieldsFirst(text, filename) {
  const boundary = "0123456789abcdef0123456789abcdef";
  const part = (head, value) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const file = `name="file"; filename="${filename}"\r\nContent-Type: application/octet-stream`;
  const body = `${part('name="purpose"', "batch")}${part('name="expires_after[anchor]"', "created_at")}${part(
    'name="expires_after[seconds]"',
    "3600",
  )}${part(file, text)}--${boundary}--\r\n`;
  const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
  const response = await server.fetch("/files", { method: "POST", headers, body });
  assert.equal(response.status, 200);
  return response.json();
}

test("completed: forms with fields first, named and not, without a final line feed → the same file", async () => {
  const lines = items(3, "well", "form");
  const text = textOf(lines).trimEnd();
  const files = [
    await uploadFieldsFirst(text, "upload"),
    await uploadFieldsFirst(text, "in.jsonl"),
    await upload(client, text, "in.JSONL"),
  ];
  assert.equal(files[0].filename, "upload");
  assert.equal(files[0].expires_at - files[0].created_at, 3_600);
  for (const { id, bytes } of files) {
    assert.equal(bytes, text.length);
    assert.equal(await (await client.files.content(id)).text(), text);
    const batch = await end(client, await createFrom(client, id));
    await conserved(client, batch, lines);
  }
});
