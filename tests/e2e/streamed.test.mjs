// "stream": true in UPSTREAMS: answers are asked for as streams, and come out as if they hadn't been.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { conserved, create, end, item, neverAskedAgain, tally } from "./batches.mjs";
import { serve, sleep, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const connections = 5;
let provider, narrow, server, client;

before(async () => {
  [provider, narrow] = [await Provider.start(), await Provider.start()];
  server = await serve({
    env: {
      ...upstreams(
        { models: ["streamed"], url: provider.url, stream: true },
        { models: ["whole"], url: provider.url },
        { models: ["narrow-streamed"], url: narrow.url, stream: true },
        { models: ["narrow-whole"], url: narrow.url },
      ),
      CONNECTIONS_MAX: String(connections),
    },
  });
  client = server.client();
});
after(async () => {
  for (const one of [provider, narrow]) one?.release();
  await server?.stop();
  for (const one of [provider, narrow]) await one?.stop();
});

const at = (model, does) =>
  Object.entries(does).map(([name, what]) => item(`${model}.${name}`, what, { model }));

async function run(lines) {
  const batch = await end(client, await create(client, lines), 90_000);
  assert.equal(batch.status, "completed");
  const found = await conserved(client, batch, lines);
  neverAskedAgain(found, provider);
  return { batch, ...found };
}

const times = (model, names) => names.map((name) => provider.asked(`${model}.${name}`).length);

/** Lines without what tells one request from another, and without a refusal that there wasn't. */
const comparable = (lines, model) =>
  lines.map(({ custom_id, response, error }) => ({
    custom_id: custom_id.slice(model.length + 1),
    status: response.status_code,
    body: JSON.parse(
      JSON.stringify({ ...response.body, id: "" }).replaceAll(`${model}.`, ""),
      (name, value) => (name === "refusal" && value === null ? undefined : value),
    ),
    error,
  }));

describe("side by side", { concurrency: true }, () => {
  test("streamed: answers of all kinds → the same lines and usage as unstreamed", async () => {
    const does = {
      plain: "well",
      long: "large 200000",
      many: "large 999",
      odd: 'say  "quoted" \\ back, 日本語 😀 and a\ttab ',
      empty: "say",
      awkward: "awkward",
      cut: "stop length",
      filtered: "stop content_filter",
      slow: "drip 30",
      whole: "plain",
      pretty: "pretty",
      zipped: "zip",
      bad: "status 400",
      page: "page 403",
    };
    const [streamed, whole] = await Promise.all(
      ["streamed", "whole"].map((model) => run(at(model, does))),
    );
    assert.deepEqual(comparable(streamed.output, "streamed"), comparable(whole.output, "whole"));
    assert.deepEqual(comparable(streamed.errors, "streamed"), comparable(whole.errors, "whole"));
    assert.equal(streamed.output.length, 12);
    assert.deepEqual(streamed.batch.usage, whole.batch.usage);
    assert.equal(streamed.batch.usage.total_tokens, 12 * 8);
    for (const name of Object.keys(does)) {
      for (const [model, wanted] of [["streamed", true], ["whole", false]]) {
        const [{ streamed, wantsUsage }] = provider.asked(`${model}.${name}`);
        assert.deepEqual([streamed, wantsUsage], [wanted, wanted], `${model}.${name}`);
      }
    }
  });

  test("streamed: streams that break → asked again until they are whole", async () => {
    const does = {
      "snaps-once": "snap 1",
      "snaps-thrice": "snap 3",
      "blurts-once": "blurt 1",
      "garbles-once": "garble 1",
      "hangs-up-once": "hangUp 1",
      "fails-once": "fail 1",
      "drips": "drip 100",
    };
    const found = await run(at("streamed", does));
    assert.deepEqual(tally(found), { 200: 7 });
    assert.deepEqual(times("streamed", Object.keys(does)), [2, 4, 2, 2, 2, 2, 1]);
    for (const { custom_id, response } of found.output)
      assert.equal(response.body.choices[0].message.content, `hello ${custom_id}`);
    assert.equal(found.batch.usage.total_tokens, 7 * 8, "what broke off counts for nothing");
  });

  test("streamed: streams that always break → six tries, then a line that says why", async () => {
    const does = { "always-snaps": "snap", "always-blurts": "blurt" };
    const { errors } = await run(at("streamed", does));
    assert.deepEqual(
      errors.map(({ response, error }) => error?.code ?? response.status_code),
      ["upstream_unreachable", 500],
    );
    assert.deepEqual(times("streamed", Object.keys(does)), [6, 6]);
  });

  test("streamed: CONNECTIONS_MAX is 5 → more are under way once headers have come; unstreamed, 5", async (t) => {
    const heldOf = (model) => narrow.held.filter((name) => name.startsWith(`${model}.`)).length;
    const lines = (model) =>
      Array.from({ length: 40 }, (_, index) => item(`${model}.${index}`, "holdRest", { model }));
    const [whole, streamed] = [lines("narrow-whole"), lines("narrow-streamed")];
    const batches = await Promise.all([whole, streamed].map((lines) => create(client, lines)));
    await until("all are under way", () => heldOf("narrow-streamed") === 40);
    await until("connections are used up", () => heldOf("narrow-whole") === connections);
    await sleep(2_000);
    assert.equal(heldOf("narrow-whole"), connections, "the others wait for a connection");
    t.diagnostic(`${heldOf("narrow-streamed")} streams and ${connections} whole answers under way`);
    narrow.release();
    for (const [index, lines] of [whole, streamed].entries()) {
      const { output } = await conserved(client, await end(client, batches[index]), lines);
      assert.equal(output.length, 40);
    }
  });
});
