// Batches as clients see them: made, watched to their end, and taken apart.
import assert from "node:assert/strict";

import { sleep } from "./harness.mjs";

export const chat = "/v1/chat/completions";
export const ended = ["completed", "failed", "expired", "cancelled"];

// ---- Inputs

/** One request as a line; the prompt tells the provider what to do. */
export const item = (id, does = "well", { url = chat, model = "m", ...more } = {}) =>
  JSON.stringify({
    custom_id: id,
    method: "POST",
    url,
    body: { model, messages: [{ role: "user", content: `${id} ${does}` }], ...more },
  });

export const items = (count, does = "well", prefix = "i") =>
  Array.from({ length: count }, (_, index) => item(`${prefix}${index}`, does));

export const textOf = (lines) => lines.map((line) => `${line}\n`).join("");

export const upload = (client, text, name = "in.jsonl") =>
  client.files.create({ file: new File([text], name), purpose: "batch" });

export async function create(client, lines, options = {}) {
  const file = await upload(client, textOf(lines));
  return createFrom(client, file.id, options);
}

export const createFrom = (client, fileId, { endpoint = chat, window = "24h", ...more } = {}) =>
  client.batches.create({ input_file_id: fileId, endpoint, completion_window: window, ...more });

// ---- What holds whenever anyone looks

const stamps = {
  in_progress: "in_progress_at",
  finalizing: "finalizing_at",
  completed: "completed_at",
  failed: "failed_at",
  expired: "expired_at",
  cancelling: "cancelling_at",
  cancelled: "cancelled_at",
};

function checkView(batch) {
  const { completed, failed, total } = batch.request_counts;
  const text = JSON.stringify(batch);
  assert.ok(completed + failed <= total, text);
  if (batch.status === "validating") assert.equal(total, 0, text);
  if (batch.status !== "failed") assert.equal(batch.errors, null, text);
  if (!ended.includes(batch.status)) {
    assert.deepEqual([batch.output_file_id, batch.error_file_id], [null, null], text);
  }
  const stamp = stamps[batch.status];
  if (stamp) assert.ok(batch[stamp] >= batch.created_at, text);
}

function checkStep(before, after) {
  const text = JSON.stringify([before, after]);
  for (const stamp of Object.values(stamps)) {
    if (before[stamp] !== null) assert.equal(after[stamp], before[stamp], text);
  }
  if (after.status === "failed") return;
  for (const count of ["total", "completed", "failed"]) {
    assert.ok(after.request_counts[count] >= before.request_counts[count], text);
  }
}

/** Looks until `enough`; the rules above are checked at every look. */
export async function watch(client, { id }, enough, ms = 60_000) {
  const start = performance.now();
  for (let before; ;) {
    const batch = await client.batches.retrieve(id);
    checkView(batch);
    if (before) checkStep(before, batch);
    if (enough(batch)) return batch;
    before = batch;
    assert.ok(performance.now() - start < ms, `not within ${ms} ms: ${JSON.stringify(batch)}`);
    await sleep(25);
  }
}

export const end = (client, batch, ms) =>
  watch(client, batch, ({ status }) => ended.includes(status), ms);

// ---- What came of it

async function linesOf(client, fileId) {
  if (!fileId) return [];
  const text = await (await client.files.content(fileId)).text();
  assert.ok(text.endsWith("\n"), "a result file ends with a line feed");
  return text.slice(0, -1).split("\n");
}

/** The lines of both files: as they are, and parsed. */
export async function outcome(client, batch) {
  const [outputLines, errorLines] = await Promise.all([
    linesOf(client, batch.output_file_id),
    linesOf(client, batch.error_file_id),
  ]);
  const parse = (line) => JSON.parse(line);
  return { outputLines, errorLines, output: outputLines.map(parse), errors: errorLines.map(parse) };
}

/** Of lines, by their code, status or success. */
export function tally({ output, errors }) {
  const counts = {};
  for (const { response, error } of [...output, ...errors]) {
    const what = error?.code ?? response.status_code;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

/**
 * Every item has exactly one line in the two files, in the order of the input, and the counts are theirs.
 * Gives the outcome.
 */
export async function conserved(client, batch, lines) {
  const wanted = lines.map((line) => JSON.parse(line).custom_id);
  const found = await outcome(client, batch);
  const place = new Map(wanted.map((id, index) => [id, index]));
  const all = [...found.output, ...found.errors];
  assert.deepEqual(all.map(({ custom_id }) => custom_id).sort(), [...wanted].sort());
  assert.equal(new Set(all.map(({ id }) => id)).size, wanted.length, "every line has its own id");
  for (const file of [found.output, found.errors]) {
    const places = file.map(({ custom_id }) => place.get(custom_id));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      "lines are in the order of the input",
    );
  }
  assert.deepEqual(batch.request_counts, {
    total: wanted.length,
    completed: found.output.length,
    failed: found.errors.length,
  });
  return found;
}

/**
 * No item was asked again after its line was stored: the answer in its line is the last one it asked for.
 * (An item that dies on its way is asked again, and then the later answer is in its line.)
 */
export function neverAskedAgain({ output }, provider) {
  const last = new Map();
  for (const { name, number } of provider.requests) last.set(name, `answer-${number}`);
  for (const { custom_id, response } of output)
    assert.equal(response.body.id, last.get(custom_id), custom_id);
}
