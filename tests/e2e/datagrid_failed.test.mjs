// Batch predictions that can't be run: nothing is asked, and every item has a line that says why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ConflictError } from "datagrid-ai";

import { upload as uploadForOpenAI } from "./batches.mjs";
import {
  checkProblem,
  conserved,
  create,
  end,
  item,
  shared,
  tally,
  thrown,
  typeOf,
  upload,
} from "./datagrid.mjs";
import { countingFetch, otherKey, serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url }) });
  client = server.datagrid();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

/** Ends a batch that has to fail, and gives its lines. */
async function failure(items) {
  const batch = await end(client, await create(client, items));
  assert.equal(batch.status, "failed", JSON.stringify(batch));
  assert.deepEqual(batch.request_counts, {
    total: items.length,
    processing: 0,
    succeeded: 0,
    errored: items.length,
    canceled: 0,
    expired: 0,
  });
  assert.equal(provider.requests.length, 0, "nothing was asked");
  return { batch, lines: await conserved(client, batch, items) };
}

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const zip = Buffer.from("504b03040a0000000000", "hex");

test("failed: files missing, of no use, pages where there are none → each its own line, the others theirs", async () => {
  const [image, archive, text, pdf, long, binary] = await Promise.all([
    upload(client, png, "drawing.pdf"),
    upload(client, zip, "letter.docx"),
    upload(client, "hello", "a.txt"),
    upload(client, "%PDF-1.4\n", "b.pdf"),
    upload(client, "x".repeat(4 * 1024 * 1024 + 1), "long.txt"),
    upload(client, "a\u0000b", "nul.txt"),
  ]);
  const cases = [
    ["good", text.id, null, "batch_validation_failed", 422, /other items/],
    ["missing", "file_nope", null, "file_not_found", 404, /'file_nope'/],
    ["page-of-image", image.id, 1, "unsupported_file_format", 422, /page.*an image/],
    ["page-of-text", text.id, 2, "unsupported_file_format", 422, /page.*a text/],
    ["archive", archive.id, null, "unsupported_file_format", 422, /no known kind.*PNG.*PDF/],
    ["good-image", image.id, null, "batch_validation_failed", 422, /other items/],
    ["binary", binary.id, null, "unsupported_file_format", 422, /no known kind/],
    ["long", long.id, null, "batch_item_processing_failed", 500, /4194305 bytes.*4194304/],
    ["good-page", pdf.id, 1, "batch_validation_failed", 422, /other items/],
  ];
  const items = cases.map(([custom_id, file_id, page]) => ({ custom_id, file_id, page }));
  const { batch, lines } = await failure(items);
  for (const [index, [id, , , kind, status, detail]] of cases.entries())
    assert.match(checkProblem(lines[index].error, kind, status), detail, id);

  assert.equal(batch.in_progress_at, null);
  assert.match(batch.error.detail, /^6 of 9 items/);
  assert.deepEqual(
    batch.error.errors.map(({ pointer, code, custom_id }) => [pointer, code, custom_id]),
    [
      ["/items/1/file_id", "file_not_found", "missing"],
      ["/items/2/page", "unsupported_file_format", "page-of-image"],
      ["/items/3/page", "unsupported_file_format", "page-of-text"],
      ["/items/4/file_id", "unsupported_file_format", "archive"],
      ["/items/6/file_id", "unsupported_file_format", "binary"],
      ["/items/7/file_id", "file_too_large", "long"],
    ],
  );
  for (const { custom_id, message } of batch.error.errors) {
    const line = lines.find((one) => one.custom_id === custom_id);
    assert.equal(message, line.error.detail, "the batch and the line say the same");
  }
});

test("failed: one item can't be sent → the batch's detail is its sentence", async () => {
  const { batch, lines } = await failure([{ custom_id: "alone", file_id: "file_nope" }]);
  assert.equal(batch.error.detail, lines[0].error.detail);
  assert.equal(batch.error.errors.length, 1);
});

test("failed: files deleted before, of other tenants, teamspaces and vendors → not found", async () => {
  const deleted = await upload(client, "gone");
  await client.files.delete(deleted.id);
  const others = await upload(server.datagrid({ apiKey: otherKey }), "theirs");
  const elsewhere = await upload(server.datagrid({ teamspace: "drawings" }), "elsewhere");
  const input = await uploadForOpenAI(server.client(), '{"custom_id":"a"}\n');
  const ids = [deleted.id, others.id, elsewhere.id, input.id, "file_", "?", "../../x"];
  const items = ids.map((file_id, index) => ({ custom_id: `not-found-${index}`, file_id }));
  const { lines } = await failure(items);
  assert.deepEqual(tally(lines), { file_not_found: ids.length });
  for (const [index, { error }] of lines.entries()) assert.ok(error.detail.includes(ids[index]));
});

test("failed: more bad items than are listed → a line for all; the batch names the first 1,000", async () => {
  const good = await item(client, "good");
  const items = [...shared(1_203, "bad", { file_id: "file_nope" }), good];
  const { batch, lines } = await failure(items);
  assert.deepEqual(tally(lines), { file_not_found: 1_203, batch_validation_failed: 1 });
  const { errors, detail } = batch.error;
  assert.match(detail, /^1203 of 1204 items/);
  assert.equal(errors.length, 1_001);
  for (const [index, { pointer }] of errors.slice(0, 1_000).entries())
    assert.equal(pointer, `/items/${index}/file_id`);
  assert.equal(errors[1_000].code, "too_many_errors");
  assert.match(errors[1_000].message, /\b203\b/);

  const [listed] = (await client.batchPredictions.list({ limit: 1 })).data;
  assert.equal(listed.id, batch.id);
  assert.equal(listed.error.type, typeOf("validation_failed"));
  assert.equal(listed.error.errors[0].pointer, "/items/0/file_id");
  assert.ok(listed.error.errors.length < 20, "lists show the first errors");
  assert.equal(listed.error.errors.at(-1).code, "more_errors");
});

test("failed: cancelled afterwards → 409 once, and it stays as it was", async () => {
  const { batch } = await failure([{ custom_id: "a", file_id: "file_nope" }]);
  const counting = countingFetch();
  const ask = server.datagrid({ fetch: counting }).batchPredictions.cancel(batch.id);
  const { error } = await thrown(ask, ConflictError);
  assert.match(checkProblem(error, "conflict", 409), /'failed'/);
  assert.equal(counting.requests, 1);
  assert.deepEqual(await client.batchPredictions.retrieve(batch.id), batch);
});
