// npm start: what it takes from its environment, how it refuses, how it ends, and what it keeps.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { conserved, create, createFrom, end, items, textOf, upload } from "./batches.mjs";
import { Program, newFolder, otherKey, serve } from "./harness.mjs";

const data = newFolder();
let server;

before(async () => {
  server = await serve({ data });
});
after(async () => {
  await server?.stop();
});

test("start: a data folder in use → refused; the first server goes on", async () => {
  await assert.rejects(serve({ data }), /is in use by another server/);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
});

test("start: settings that make no sense, a port in use → an exit code and a sentence", async () => {
  const port = new URL(server.url).port;
  for (const [env, code, sentence] of [
    [{ PORT: "http" }, 2, /PORT=http: a number/],
    [{ EDGEBATCH_KEYS: "just-a-key" }, 2, /isn't key=tenant/],
    [{ PORT: port }, 1, /is in use. Set PORT/],
    [{ UPSTREAMS: '[{"models":["m"]}]' }, 1, /UPSTREAMS: each entry needs a `url`/],
    [{ JOBS: '{"job-x":{"window":"soon"}}' }, 1, /JOBS: `window` of 'job-x' has to be/],
    [{ ANONYMOUS_TENANT: "no body" }, 1, /ANONYMOUS_TENANT has to have/],
    [{ DATAGRID_MODELS: "a,,b" }, 1, /DATAGRID_MODELS has to be a list/],
  ]) {
    const program = new Program("start", [], { env: { EDGEBATCH_DATA: newFolder(), ...env } });
    assert.equal(await program.ended, code, program.stderr);
    assert.match(program.stderr, sentence);
    assert.doesNotMatch(program.stderr, /\n\s+at /, "no stack");
  }
});

test("stop and start → batches and files are there; keys are those of the new start", async () => {
  const lines = items(5);
  const client = server.client();
  const batch = await end(client, await create(client, lines));
  const file = await upload(client, textOf(lines));
  const outcome = await conserved(client, batch, lines);

  const before = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - before < 2_000, "Ctrl-C ends it within 2 s");
  await assert.rejects(fetch(server.url), "nobody listens any more");

  server = await serve({ data, env: { EDGEBATCH_KEYS: "new-key=dev, eb-dev-2=other" } });
  const renamed = server.client("new-key");
  assert.deepEqual(await renamed.batches.retrieve(batch.id), batch);
  assert.deepEqual(await renamed.files.retrieve(file.id), file);
  assert.deepEqual(await conserved(renamed, batch, lines), outcome);
  assert.equal((await end(renamed, await createFrom(renamed, file.id))).status, "completed");
  await assert.rejects(server.client().batches.retrieve(batch.id), { status: 401 });
  await assert.rejects(server.client(otherKey).batches.retrieve(batch.id), { status: 404 });
});
