// Batch predictions as Datagrid's clients see them: made, watched to their end, and taken apart.
import assert from "node:assert/strict";

import { toFile } from "datagrid-ai";

import { ended } from "./batches.mjs";
import { sleep } from "./harness.mjs";
import { asTheFileSays } from "./provider.mjs";

// ---- Inputs

export const schema = {
  type: "object",
  properties: { said: { type: "string" }, number: { type: "integer" } },
};

export const upload = async (client, content, name = "task.txt", options = {}) =>
  client.files.create({ file: await toFile(Buffer.from(content), name), ...options });

/** An item with a text file of its own, which tells the provider what to do. */
export async function item(client, id, does = "well") {
  const file = await upload(client, `${id} ${does}\nfor ${id}`);
  return { custom_id: id, file_id: file.id };
}

/** So many items that share one. */
export const shared = (count, prefix, { file_id }) =>
  Array.from({ length: count }, (_, index) => ({ custom_id: `${prefix}${index}`, file_id }));

export const creation = (items, more = {}) => ({
  items,
  model: "m",
  prompt: asTheFileSays,
  output_schema: schema,
  ...more,
});

export const create = (client, items, more) =>
  client.batchPredictions.create(creation(items, more));

// ---- Problems

export const typeOf = (name) => `https://api.datagrid.com/errors/${name}`;

const titleOf = (name) =>
  name
    .split("_")
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join(" ");

/** That these are problem details of this kind; gives the detail. */
export function checkProblem({ type, title, status, detail, ...more }, name, code) {
  assert.deepEqual(
    { type, title, status },
    { type: typeOf(name), title: titleOf(name), status: code },
    detail,
  );
  assert.ok(detail.length > 10, detail);
  const extension = name === "validation_failed" ? ["errors"] : [];
  assert.deepEqual(Object.keys(more), extension);
  return detail;
}

/** That the SDK throws this; gives the error. */
export async function thrown(ask, Class) {
  const error = await Promise.resolve(ask).then(
    (value) => assert.fail(`not refused: ${JSON.stringify(value)}`),
    (reason) => reason,
  );
  assert.equal(error.constructor, Class, String(error));
  return error;
}

// ---- What holds whenever anyone looks

const keys = [
  ...["object", "id", "status", "model", "completion_window", "created_at", "expires_at"],
  ...["in_progress_at", "finalizing_at", "completed_at", "failed_at", "cancelling_at"],
  ...["cancelled_at", "expired_at", "request_counts", "metadata", "error", "results_url"],
].sort();
const countKeys = ["total", "processing", "succeeded", "errored", "canceled", "expired"];

const ways = {
  validating: ["created_at"],
  in_progress: ["created_at", "in_progress_at"],
  finalizing: ["created_at", "in_progress_at", "finalizing_at"],
  completed: ["created_at", "in_progress_at", "finalizing_at", "completed_at"],
  failed: ["created_at", "failed_at"],
  cancelling: ["created_at", "in_progress_at", "cancelling_at"],
  cancelled: ["created_at", "in_progress_at", "cancelling_at", "cancelled_at"],
  expired: ["created_at", "in_progress_at", "expired_at"],
};
const stamps = keys.filter((key) => key.endsWith("_at") && key !== "expires_at");
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The stamps of its way are set, in order, and no others. It may have left `validating` sideways. */
function checkStamps(batch, text) {
  const sideways = batch.in_progress_at === null && /cancel|expired/.test(batch.status);
  const way = ways[batch.status].filter((stamp) => !(sideways && stamp === "in_progress_at"));
  const set = stamps.filter((stamp) => batch[stamp] !== null);
  assert.deepEqual(set, [...way].sort(), text);
  const moments = way.map((stamp) => batch[stamp]);
  assert.deepEqual(moments, [...moments].sort(), text);
  for (const moment of [...moments, batch.expires_at]) assert.match(moment, iso);
}

const endKinds = {
  failed: ["validation_failed", 422],
  cancelled: ["batch_cancelled", 409],
  expired: ["batch_expired", 408],
};

/** `mount`: by which the client came. */
export function checkView(batch, total, mount = "/v1") {
  const text = JSON.stringify(batch);
  assert.deepEqual(Object.keys(batch).sort(), keys, text);
  assert.equal(batch.object, "batch_prediction");
  assert.match(batch.id, /^bpred_[\w-]+$/);
  checkStamps(batch, text);

  const counts = batch.request_counts;
  assert.deepEqual(Object.keys(counts).sort(), [...countKeys].sort(), text);
  for (const count of Object.values(counts)) assert.ok(Number.isInteger(count) && count >= 0, text);
  const { total: all, processing, succeeded, errored, canceled, expired } = counts;
  assert.equal(processing + succeeded + errored + canceled + expired, all, text);
  assert.equal(all, total, text);

  const over = ended.includes(batch.status);
  if (over) assert.equal(processing, 0, text);
  const url = `${mount}/batch-predictions/${batch.id}/results`;
  assert.equal(batch.results_url, over ? url : null, text);
  const kind = endKinds[batch.status];
  kind ? checkProblem(batch.error, ...kind) : assert.equal(batch.error, null, text);
}

function checkStep(before, after) {
  const text = JSON.stringify([before, after]);
  for (const stamp of stamps) {
    if (before[stamp] !== null) assert.equal(after[stamp], before[stamp], text);
  }
  for (const same of ["id", "model", "completion_window", "expires_at", "metadata"])
    assert.deepEqual(after[same], before[same], text);
  const [was, is] = [before.request_counts, after.request_counts];
  for (const name of countKeys.slice(2)) assert.ok(is[name] >= was[name], text);
}

/** Looks until `enough`; the rules above are checked at every look. */
export async function watch(client, first, enough, ms = 60_000) {
  const { total } = first.request_counts;
  const start = performance.now();
  for (let before = first; ;) {
    const batch = await client.batchPredictions.retrieve(first.id);
    checkView(batch, total);
    checkStep(before, batch);
    if (enough(batch)) return batch;
    before = batch;
    assert.ok(performance.now() - start < ms, `not within ${ms} ms: ${JSON.stringify(batch)}`);
    await sleep(25);
  }
}

/** `batch`: as it was created. */
export const end = (client, batch, ms) =>
  watch(client, batch, ({ status }) => ended.includes(status), ms);

// ---- What came of it

const lineKinds = {
  canceled: ["batch_cancelled"],
  expired: ["batch_expired"],
  errored: [
    ...["batch_validation_failed", "file_not_found", "unsupported_file_format"],
    ...["prediction_failed", "credit_exceeded", "batch_item_processing_failed"],
  ],
};

function checkLine(line, batch) {
  const text = JSON.stringify(line);
  const { object, batch_id, custom_id, status, output, error, ...others } = line;
  assert.deepEqual(others, {}, text);
  assert.equal(object, "batch_prediction.result", text);
  assert.equal(batch_id, batch.id, text);
  assert.equal(typeof custom_id, "string", text);
  if (status === "succeeded") {
    assert.equal(error, null, text);
    assert.ok(output !== null && typeof output === "object" && !Array.isArray(output), text);
  } else {
    assert.equal(output, null, text);
    const name = lineKinds[status].find((kind) => error.type === typeOf(kind));
    assert.ok(name, text);
    assert.ok(Number.isInteger(error.status), text);
    checkProblem(error, name, error.status);
  }
}

/** Read by the SDK, line by line. */
export async function results(client, { id }, options) {
  const lines = [];
  for await (const line of await client.batchPredictions.retrieveResults(id, options))
    lines.push(line);
  return lines;
}

/** Of lines, by the last word of their error's type, or their success. */
export function tally(lines) {
  const counts = {};
  for (const { error } of lines) {
    const what = error ? error.type.split("/").at(-1) : "succeeded";
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

/** Every item has exactly one line, in the order of the items, and the counts are theirs. */
export async function conserved(client, batch, items) {
  const lines = await results(client, batch);
  assert.deepEqual(
    lines.map(({ custom_id }) => custom_id),
    items.map(({ custom_id }) => custom_id),
  );
  for (const line of lines) checkLine(line, batch);
  const count = (status) => lines.filter((line) => line.status === status).length;
  assert.deepEqual(batch.request_counts, {
    total: items.length,
    processing: 0,
    succeeded: count("succeeded"),
    errored: count("errored"),
    canceled: count("canceled"),
    expired: count("expired"),
  });
  return lines;
}
