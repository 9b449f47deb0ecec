// Answers against their output_schema, with the official SDK: those that fit, those that nearly do, those in a
// fence, and none at all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkProblem, conserved, create, end, item, tally } from "./datagrid.mjs";
import { serve } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const output_schema = {
  type: "object",
  properties: {
    total: { type: "number", minimum: 0 },
    rows: { type: "array", items: { type: "string", pattern: "^[A-Z]-[0-9]+$" } },
  },
  required: ["total"],
  additionalProperties: false,
};
const right = '{ "total": 12.50, "rows": ["A-1"] }';
const almost = '{"total":"12,50","rows":["A-1","b-2"]}';

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ upstream: provider.url });
  client = server.datagrid();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

async function run(client, tasks, more = {}) {
  const jobs = Object.entries(tasks).map(([id, does]) => item(client, id, does));
  const items = await Promise.all(jobs);
  const batch = await end(client, await create(client, items, { output_schema, ...more }));
  assert.equal(batch.status, "completed");
  return conserved(client, batch, items);
}

const messagesOf = ({ body }) => JSON.parse(body).messages;

test("schema: answers that fit, plainly or in a fence → succeeded, asked once", async () => {
  const lines = await run(client, { plain: `say ${right}`, fenced: `fence ${right}` });
  for (const { output } of lines) assert.deepEqual(output, JSON.parse(right));
  for (const id of ["plain", "fenced"]) assert.equal(provider.asked(id).length, 1, id);
});

test("schema: almost → asked again with what was wrong; right then → succeeded", async () => {
  const [line] = await run(client, { mended: `sayInTurn ${almost} || ${right}` });
  assert.deepEqual(line.output, JSON.parse(right));
  const [first, second, ...more] = provider.asked("mended");
  assert.deepEqual(more, []);
  const [question, answer, wrong, ...others] = messagesOf(second);
  assert.deepEqual([question], messagesOf(first), "the question and its file, as before");
  assert.deepEqual(answer, { role: "assistant", content: almost });
  assert.equal(wrong.role, "user");
  assert.match(wrong.content, /\/total: is "12,50" \(a string\), but must be a number \(type\)/);
  assert.match(wrong.content, /\/rows\/1: .*\(pattern\)/);
  assert.deepEqual(others, []);
});

test("schema: wrong twice → prediction_failed, with the last answer's failures", async () => {
  const last = '{"total":-1,"more":true}';
  const [{ output, error }] = await run(client, { wrong: `sayInTurn ${almost} || ${last}` });
  assert.equal(output, null);
  const detail = checkProblem(error, "prediction_failed", 422);
  assert.match(detail, /\/total: .*\(minimum\)/);
  assert.match(detail, /\/more.*\(additionalProperties\)/);
  assert.equal(provider.asked("wrong").length, 2);
});

test("schema: prose, then right; prose twice → succeeded; prediction_failed that quotes it", async () => {
  const lines = await run(client, {
    late: `sayInTurn It is 12. || ${right}`,
    never: "say It is 12.",
  });
  assert.deepEqual(lines[0].output, JSON.parse(right));
  assert.match(checkProblem(lines[1].error, "prediction_failed", 422), /'It is 12\.'/);
});

test("schema: no answer at all → as ever", async () => {
  const [{ error }] = await run(client, { refused: "status 400" });
  checkProblem(error, "batch_item_processing_failed", 500);
  assert.equal(provider.asked("refused").length, 1);
});

test("schema: one that strict mode allows → asked for strictly", async () => {
  const strict = {
    type: "object",
    properties: { total: { type: "number" } },
    required: ["total"],
    additionalProperties: false,
  };
  await run(client, { strictly: 'say {"total":1}' }, { output_schema: strict });
  await run(client, { loosely: `say ${right}` });
  const asked = (id) => JSON.parse(provider.asked(id)[0].body).response_format.json_schema;
  assert.deepEqual(asked("strictly"), { name: "output", strict: true, schema: strict });
  assert.deepEqual(asked("loosely"), { name: "output", schema: output_schema });
});

test("schema: DATAGRID_REASKS → as often as it says; what makes no sense is refused", async () => {
  for (const times of [0, 3]) {
    const other = await serve({
      upstream: provider.url,
      env: { DATAGRID_REASKS: String(times) },
    });
    try {
      const lines = await run(other.datagrid(), { [`times${times}`]: `say ${almost}` });
      assert.deepEqual(tally(lines), { prediction_failed: 1 });
      assert.equal(provider.asked(`times${times}`).length, 1 + times);
    } finally {
      await other.stop();
    }
  }
  await assert.rejects(serve({ env: { DATAGRID_REASKS: "4" } }), /DATAGRID_REASKS has to be an/);
});

test("schema: the sandbox → fits simple schemas, and says that it is one; else as anybody", async () => {
  const sandbox = await serve();
  try {
    const simple = {
      type: "object",
      properties: { name: { type: "string" }, kind: { enum: ["a", "b"] }, n: { minimum: 3 } },
      required: ["name", "kind", "n"],
    };
    const there = sandbox.datagrid();
    const [{ output }] = await run(there, { simple: "" }, { output_schema: simple });
    assert.match(output.name, /sandbox/);
    assert.deepEqual([output.kind, output.n], ["a", 3]);
    const hard = { type: "object", properties: { id: { type: "string", pattern: "^[0-9]+$" } } };
    const [{ error }] = await run(there, { hard: "" }, { output_schema: hard });
    assert.match(checkProblem(error, "prediction_failed", 422), /\/id: .*\(pattern\)/);
  } finally {
    await sandbox.stop();
  }
});
