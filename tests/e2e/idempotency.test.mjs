// The same create again: because its answer was lost, because several came at once, or because the server
// died in between. One key makes one batch, in both dialects.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as datagrid from "./datagrid.mjs";
import { end as endForOpenAI, chat, item, textOf, upload } from "./batches.mjs";
import { countingFetch, newFolder, otherKey, serve, sleep, until, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const data = newFolder();

let provider, server;

async function start() {
  server = await serve({ data, env: upstreams({ url: provider.url }) });
}

before(async () => {
  provider = await Provider.start();
  await start();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

// ---- Both dialects

/** `prepare`: the body of a create with an item of each name; its metadata are the first. */
const dialects = {
  Datagrid: {
    path: "/batch-predictions",
    status: 201,
    async prepare(names, options) {
      const client = server.datagrid(options);
      const items = await Promise.all(names.map((name) => datagrid.item(client, name)));
      return datagrid.creation(items, { metadata: { name: names[0] } });
    },
    send(body, { key, headers, ...options } = {}) {
      const named = key === undefined ? {} : { "Idempotency-Key": key };
      const { batchPredictions } = server.datagrid(options);
      return batchPredictions.create({ ...body, ...named }, { headers });
    },
    list: () => server.datagrid().batchPredictions.list({ limit: 100 }),
    retrieve: (id) => server.datagrid().batchPredictions.retrieve(id),
    end: (batch) => datagrid.end(server.datagrid(), batch, 90_000),
  },
  OpenAI: {
    path: "/batches",
    status: 200,
    async prepare(names, { apiKey } = {}) {
      const { id } = await upload(server.client(apiKey), textOf(names.map((name) => item(name))));
      const fixed = { endpoint: chat, completion_window: "24h" };
      return { input_file_id: id, ...fixed, metadata: { name: names[0] } };
    },
    send(body, { key, headers = {}, apiKey, ...options } = {}) {
      const named = key === undefined ? headers : { ...headers, "Idempotency-Key": key };
      const { batches } = server.client(apiKey).withOptions(options);
      return batches.create(body, { headers: named });
    },
    list: () => server.client().batches.list({ limit: 100 }),
    retrieve: (id) => server.client().batches.retrieve(id),
    end: (batch) => endForOpenAI(server.client(), batch, 90_000),
  },
};

const otherwise = (body) => ({ ...body, metadata: { ...body.metadata, more: "" } });

const asked = (name) => provider.asked(name).length;

/** Ids of the batches that were made of such creates. */
async function made({ list }, name) {
  const ids = [];
  for await (const { id, metadata } of list()) if (metadata?.name === name) ids.push(id);
  return ids;
}

const post = (path, body, headers) =>
  server.fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

/** The same JSON, written otherwise. */
function rewritten(value) {
  if (Array.isArray(value)) return `[ ${value.map(rewritten).join("\n,")}]`;
  if (value === null || typeof value !== "object")
    return JSON.stringify(value).replaceAll("a", "\\u0061");
  const members = Object.entries(value).reverse();
  return `{\t${members.map(([name, inner]) => `${JSON.stringify(name)} :${rewritten(inner)}`).join(" , ")} }`;
}

for (const [vendor, dialect] of Object.entries(dialects)) {
  const { path, status, prepare, send, retrieve, end } = dialect;
  const named = (name) => `${vendor}-${name}`;

  test(`key, ${vendor}: the same create again → the same batch, as it is now`, async () => {
    const name = named("replay");
    const body = await prepare([name]);
    const first = await send(body, { key: named("replay") });
    const last = await end(first);
    assert.deepEqual(await send(body, { key: named("replay") }), last);
    const again = await post(path, rewritten(body), { "idempotency-key": ` ${named("replay")} ` });
    assert.equal(again.status, status, "the same status");
    assert.deepEqual(await again.json(), last);
    assert.deepEqual(await made(dialect, name), [first.id]);
    assert.equal(asked(name), 1);

    const other = await send(body, { key: named("another") });
    const none = await send(body);
    assert.equal(new Set([first.id, other.id, none.id]).size, 3, "other keys, other batches");
    assert.equal((await send(body, { key: named("another") })).id, other.id);
  });

  test(`key, ${vendor}: another create → 409 once, and nothing is made`, async () => {
    const name = named("conflict");
    const body = await prepare([name]);
    const first = await send(body, { key: named("conflict") });
    const counting = countingFetch();
    await assert.rejects(
      Promise.resolve(send(otherwise(body), { key: named("conflict"), fetch: counting })),
      ({ status, error, headers, constructor }) => {
        assert.deepEqual([status, constructor.name], [409, "ConflictError"]);
        const retry = headers.get?.("x-should-retry") ?? headers["x-should-retry"];
        assert.equal(retry, "false");
        assert.ok((error.detail ?? error.message).includes(`'${named("conflict")}'`));
        return true;
      },
    );
    assert.equal(counting.requests, 1);
    assert.deepEqual(await made(dialect, name), [first.id]);
    await end(first);
    assert.equal(asked(name), 1);
  });

  test(`key, ${vendor}: of another tenant → theirs`, async () => {
    const mine = await send(await prepare([named("mine")]), { key: named("tenants") });
    const theirs = await prepare([named("theirs")], { apiKey: otherKey });
    const first = await send(theirs, { key: named("tenants"), apiKey: otherKey });
    assert.notEqual(first.id, mine.id);
    assert.equal((await send(theirs, { key: named("tenants"), apiKey: otherKey })).id, first.id);
  });

  test(`key, ${vendor}: eight creates at once → one batch, each item asked once`, async () => {
    const names = ["at-once", "two", "three"].map(named);
    const body = await prepare(names);
    const all = await Promise.all(
      Array.from({ length: 8 }, () => send(body, { key: named("at-once") })),
    );
    const ids = new Set(all.map(({ id }) => id));
    assert.equal(ids.size, 1);
    assert.equal((await end(all[0])).status, "completed");
    assert.deepEqual(await made(dialect, names[0]), [...ids]);
    assert.deepEqual(names.map(asked), [1, 1, 1]);
  });

  test(`key, ${vendor}: two creates at once, each four times → one of them, the other 409`, async () => {
    const names = ["this", "that"].map((name) => [named(name), named(`${name}-two`)]);
    const bodies = await Promise.all(names.map((pair) => prepare(pair)));
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => send(bodies[index % 2], { key: named("mixed") })),
    );
    const ids = all.flatMap(({ value }) => (value ? [value.id] : []));
    assert.deepEqual([ids.length, new Set(ids).size], [4, 1]);
    for (const { reason } of all) if (reason) assert.equal(reason.status, 409);
    const won = all[0].value ? 0 : 1;
    const { status } = await end(all[won].value);
    assert.equal(status, "completed");
    assert.deepEqual(names[won].map(asked), [1, 1], "the items of one");
    assert.deepEqual(names[1 - won].map(asked), [0, 0], "and none of the other");
    assert.deepEqual(await made(dialect, names[1 - won][0]), []);
  });

  test(`retry, ${vendor}: the SDK asks again, as the answer was lost → the first one's batch`, async () => {
    const name = named("lost");
    const body = await prepare([name]);
    const counts = [];
    const losing = async (url, init) => {
      const response = await fetch(url, init);
      const { "x-stainless-retry-count": count } = Object.fromEntries(new Headers(init.headers));
      counts.push(count);
      if (counts.length > 2) return response;
      assert.equal(response.status, status);
      throw new TypeError("lost on its way");
    };
    const batch = await send(body, { fetch: losing });
    assert.deepEqual(counts, ["0", "1", "2"]);
    assert.deepEqual(await made(dialect, name), [batch.id]);
    await end(batch);
    assert.equal(asked(name), 1);
  });

  test(`retry, ${vendor}: told by the count alone → the first's batch; not told → another`, async () => {
    const name = named("count");
    const body = await prepare([name]);
    const again = (count, what = body) =>
      send(what, { headers: { "x-stainless-retry-count": count } });
    const first = await again("1"); // The first attempt has never arrived.
    assert.equal((await again("2")).id, first.id);
    await end(first);
    assert.deepEqual(await again("1"), await retrieve(first.id), "as it is now");
    const second = await again("0");
    assert.notEqual(second.id, first.id);
    assert.equal((await again("1")).id, second.id, "the newest");
    const other = await again("1", otherwise(body));
    assert.ok(![first.id, second.id].includes(other.id), "of another body");
    assert.deepEqual((await made(dialect, name)).sort(), [first.id, second.id, other.id].sort());
  });
}

// ---- SIGKILL

test("key: the server dies while creates are under way → once more, exactly one batch each", async (t) => {
  const creates = [];
  const prepareSome = async (round) => {
    for (const [vendor, dialect] of Object.entries(dialects)) {
      for (let index = 0; index < 4; ++index) {
        const names = [`kill${round}-${vendor}${index}`, `kill${round}-${vendor}${index}-two`];
        const body = await dialect.prepare(names);
        creates.push({ round, dialect, names, body, key: names[0], ids: new Set() });
      }
    }
    return creates.filter((create) => create.round === round);
  };
  const send = async ({ dialect, body, key, ids }, options) =>
    ids.add((await dialect.send(body, { key, ...options })).id);

  const answered = [];
  for (const [round, enough] of [0, 1, 4].entries()) {
    const some = await prepareSome(round);
    const sent = some.map((create) => send(create, { maxRetries: 0 }).catch(() => {}));
    const count = () => some.filter(({ ids }) => ids.size > 0).length;
    if (enough === 0) await sleep(20);
    else await until("some are answered", () => count() >= enough);
    await server.kill();
    await Promise.all(sent);
    answered.push(count());
    await start();
    await Promise.all(some.map((create) => send(create)));
    for (const create of some) assert.equal(create.ids.size, 1, "what was answered stays so");
  }
  t.diagnostic(`answered before each kill: ${answered.join(", ")} of 8`);

  for (const { dialect, names, ids } of creates) {
    const last = await dialect.end(await dialect.retrieve([...ids][0]));
    assert.equal(last.status, "completed");
    assert.equal(last.request_counts.total, 2);
    for (const name of names) assert.ok(asked(name) >= 1 && asked(name) <= 2, name);
    assert.deepEqual(await made(dialect, names[0]), [...ids], "exactly one");
  }
});
