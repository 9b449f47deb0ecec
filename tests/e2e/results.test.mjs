// Result lines of a batch as one stream, in both dialects: of one that has ended, and of one that runs.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import * as openai from "./batches.mjs";
import * as datagrid from "./datagrid.mjs";
import { newFolder, serve, until, upstreams } from "./harness.mjs";
import { Provider, awkward } from "./provider.mjs";

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
  provider?.release();
  await server?.stop();
  await provider?.stop();
});

// ---- Both dialects

/** `tasks`: of each item its name and what the provider shall do. */
const dialects = {
  Datagrid: {
    path: ({ id }) => `/batch-predictions/${id}/results`,
    async create(tasks) {
      const client = server.datagrid();
      const items = await Promise.all(tasks.map((task) => datagrid.item(client, ...task)));
      return datagrid.create(client, items);
    },
    watch: (batch, enough) => datagrid.watch(server.datagrid(), batch, enough),
    end: (batch) => datagrid.end(server.datagrid(), batch),
    done: ({ request_counts: { total, processing } }) => total - processing,
  },
  OpenAI: {
    path: ({ id }) => `/batches/${id}/results`,
    create: (tasks) =>
      openai.create(
        server.client(),
        tasks.map((task) => openai.item(...task)),
      ),
    watch: (batch, enough) => openai.watch(server.client(), batch, enough),
    end: (batch) => openai.end(server.client(), batch),
    done: ({ request_counts: { completed, failed } }) => completed + failed,
  },
};

// An answer larger than a shard is stored at once; others with their span.
const large = "large 1100000";

const bytesOf = async (response) => Buffer.from(await response.arrayBuffer());
const idsIn = (bytes) =>
  String(bytes)
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line).custom_id);

/** The whole, of a batch that has ended. */
async function whole(path) {
  const response = await server.fetch(path);
  assert.equal(response.status, 200);
  return bytesOf(response);
}

/** A response whose body is read as it comes. */
class Reading {
  bytes = Buffer.alloc(0);
  #stop = new AbortController();

  static async start(path) {
    const reading = new Reading();
    const response = await server.fetch(path, { signal: reading.#stop.signal });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    reading.over = reading.#read(response.body);
    reading.over.catch(() => {}); // Whoever waits for it hears of it.
    return reading;
  }

  async #read(body) {
    for await (const chunk of body) this.bytes = Buffer.concat([this.bytes, chunk]);
    return this.bytes;
  }

  /** All bytes, once the body has ended; rejects if it breaks off. */
  over;

  breakOff() {
    this.#stop.abort();
  }

  get lines() {
    return idsIn(this.bytes.subarray(0, this.bytes.lastIndexOf("\n") + 1));
  }
}

// ---- Of a batch that has ended

test("results: as the SDK reads them → an async iterator, in the order of the items", async () => {
  const client = server.datagrid();
  const items = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      datagrid.item(client, `order${index}`, `slow ${(index * 7) % 12}0`),
    ),
  );
  const batch = await datagrid.end(client, await datagrid.create(client, items));
  const lines = await datagrid.conserved(client, batch, items);
  assert.ok(lines.every(({ output }, index) => output.said === `hello order${index}`));

  const seen = [];
  for await (const { custom_id } of await client.batchPredictions.retrieveResults(batch.id)) {
    seen.push(custom_id);
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, ["order0", "order1", "order2"], "and may be left early");
});

for (const [name, { path, create, end }] of Object.entries(dialects)) {
  test(`results, ${name}: bytes → one line an item, their length, in ranges, known by a tag`, async () => {
    const tasks = Array.from({ length: 5 }, (_, index) => [`${name}-bytes${index}`, large]);
    tasks.splice(2, 0, [`${name}-bad`, "status 400"]);
    const batch = await end(await create(tasks));
    const read = (headers) => server.fetch(path(batch), { headers });

    const response = await read({});
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    assert.equal(response.headers.get("accept-ranges"), "bytes");
    assert.equal(response.headers.get("x-incomplete"), "false");
    const all = await bytesOf(response);
    assert.equal(response.headers.get("content-length"), String(all.length));
    assert.ok(all.length > 5_500_000);
    assert.ok(!all.includes("\r") && !all.includes("\n\n") && all.at(-1) === 0x0a);
    assert.deepEqual(idsIn(all).sort(), tasks.map(([id]) => id).sort());

    const border = all.indexOf("\n") + 1; // Of the first shard.
    for (const [range, from, to] of [
      ["bytes=0-0", 0, 1],
      [`bytes=${border - 5}-${border + 4}`, border - 5, border + 5],
      [`bytes=${border}-${3 * border}`, border, 3 * border + 1],
      [`bytes=${all.length - 7}-`, all.length - 7, all.length],
      ["bytes=-9", all.length - 9, all.length],
      [`bytes=4000000-${all.length + 5}`, 4_000_000, all.length],
    ]) {
      const part = await read({ range });
      assert.equal(part.status, 206, range);
      assert.equal(part.headers.get("content-range"), `bytes ${from}-${to - 1}/${all.length}`);
      assert.equal(part.headers.get("content-length"), String(to - from), range);
      assert.ok(all.subarray(from, to).equals(await bytesOf(part)), range);
    }
    const beyond = await read({ range: `bytes=${all.length}-` });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get("content-range"), `bytes */${all.length}`);

    const tag = response.headers.get("etag");
    assert.match(tag, /^"[^"]+"$/);
    for (const known of [tag, `"x", ${tag}`, `W/${tag}`, "*"]) {
      const same = await read({ "if-none-match": known });
      assert.equal(same.status, 304, known);
      assert.equal(same.headers.get("etag"), tag);
      assert.equal(await same.text(), "");
    }
    assert.equal((await bytesOf(await read({ "if-none-match": '"x"' }))).length, all.length);
    const [part, anew] = [
      await read({ range: "bytes=0-9", "if-range": tag }),
      await read({ range: "bytes=0-9", "if-range": '"x"' }),
    ];
    assert.deepEqual([part.status, (await bytesOf(part)).length], [206, 10]);
    assert.deepEqual([anew.status, (await bytesOf(anew)).length], [200, all.length]);

    for (const offset of [0, 1, border, all.length - 1, all.length, all.length + 1]) {
      const rest = await bytesOf(await server.fetch(`${path(batch)}?offset=${offset}`));
      assert.ok(rest.equals(all.subarray(offset)), `offset ${offset}`);
    }
    const followed = await server.fetch(`${path(batch)}?follow=true&offset=${border}`);
    assert.ok((await bytesOf(followed)).equals(all.subarray(border)), "nothing is to come");
  });

  test(`results, ${name}: queries that make no sense → refused, and named`, async () => {
    const batch = await end(await create([[`${name}-query`, "well"]]));
    for (const query of ["partial=1", "follow=yes", "offset=-1", "offset=x", "offset="]) {
      const response = await server.fetch(`${path(batch)}?${query}`);
      const [param] = query.split("=");
      const { error, errors } = await response.json();
      const expected = name === "OpenAI" ? [400, param] : [422, `/${param}`];
      assert.deepEqual([response.status, error?.param ?? errors[0].pointer], expected, query);
    }
  });
}

test("results: awkward answers and custom_ids → one line each for every reader", async () => {
  const client = server.datagrid();
  const custom_ids = ["a\u2028b", "c\u2029d", "e\u0085f", "g\r\nh"];
  const tasks = ["awkward", "page 403", "refuse a\u2028b\u0085", 'say {"a":"\\u2028\u2029"}'];
  const items = await Promise.all(
    tasks.map((does, index) => datagrid.item(client, `odd${index}`, does)),
  );
  items.forEach((item, index) => (item.custom_id = custom_ids[index]));
  const batch = await datagrid.end(client, await datagrid.create(client, items));
  const lines = await datagrid.conserved(client, batch, items);

  const text = String(await whole(dialects.Datagrid.path(batch)));
  assert.doesNotMatch(text, /[\u2028\u2029\u0085\r\u000b\f\u001c-\u001e]/);
  assert.doesNotMatch(text, /\\u(?=d[89a-f])/i, "no lone surrogate's escape");
  assert.equal(text.split("\n").length, items.length + 1);
  const clean = awkward.replace(/\ud800|(?<!\ud83d)\ude00|\udc00/g, "\ufffd");
  assert.equal(lines[0].output[clean], clean);
  assert.ok(text.includes('"big":12345678901234567890.10E+2'), "numbers stay as they are");
  assert.match(lines[1].error.detail, /<html>Bad Gateway\u2028<\/html>/);
  assert.match(lines[2].error.detail, /'a\u2028b\u0085'/);
  assert.equal(lines[3].output.a, "\u2028\u2029");
  for (const line of text.split("\n").slice(0, -1)) {
    const spaces = line.replaceAll(/"(\\.|[^"\\])*"/g, '""');
    assert.doesNotMatch(spaces, /\s/, "no whitespace between tokens");
  }
});

test("results, OpenAI: the lines of both files → each once", async () => {
  const tasks = [["both1"], ["both2", "status 400"], ["both3"], ["both4", "page 404"]];
  const batch = await dialects.OpenAI.end(await dialects.OpenAI.create(tasks));
  const { outputLines, errorLines } = await openai.outcome(server.client(), batch);
  const all = String(await whole(dialects.OpenAI.path(batch)))
    .split("\n")
    .slice(0, -1);
  assert.deepEqual([...all].sort(), [...outputLines, ...errorLines].sort());
});

// ---- Of a batch that runs

describe("side by side", { concurrency: true }, () => {
  for (const [name, { path, create, watch, end, done }] of Object.entries(dialects)) {
    const task = (id, does) => [`${name}-${id}`, does];
    const names = (...ids) => ids.map((id) => `${name}-${id}`);

    test(`partial, ${name}: while it runs → the lines up to the first that is missing`, async () => {
      const batch = await create([
        ...["p0", "p1", "p2"].map((id) => task(id, large)),
        task("p-held", "hold"),
        ...["p4", "p5"].map((id) => task(id, large)),
      ]);
      await watch(batch, (seen) => done(seen) === 5);
      const refused = await server.fetch(path(batch));
      assert.equal(refused.status, 409);
      assert.equal(refused.headers.get("x-should-retry"), "false");

      const read = (query, headers) => server.fetch(`${path(batch)}?${query}`, { headers });
      const response = await read("partial=true");
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("x-incomplete"), "true");
      const prefix = await bytesOf(response);
      assert.equal(response.headers.get("content-length"), String(prefix.length));
      assert.deepEqual(idsIn(prefix), names("p0", "p1", "p2"));
      for (const offset of [7, prefix.length, prefix.length + 7]) {
        const rest = await bytesOf(await read(`partial=true&offset=${offset}`));
        assert.ok(rest.equals(prefix.subarray(offset)), `offset ${offset}`);
      }
      const part = await read("partial=true", { range: "bytes=1200000-1200009" });
      assert.equal(part.status, 206);
      assert.ok((await bytesOf(part)).equals(prefix.subarray(1_200_000, 1_200_010)));
      const tag = response.headers.get("etag");
      assert.equal((await read("partial=true", { "if-none-match": tag })).status, 304);

      provider.releaseOnly(new RegExp(`^${name}-p-held$`));
      await end(batch);
      const last = await read("partial=true", { "if-none-match": tag });
      assert.equal(last.status, 200, "it isn't what it was");
      assert.equal(last.headers.get("x-incomplete"), "false");
      const all = await bytesOf(last);
      assert.ok(all.subarray(0, prefix.length).equals(prefix), "what was read stays");
      assert.deepEqual(idsIn(all), names("p0", "p1", "p2", "p-held", "p4", "p5"));
      assert.ok(all.equals(await whole(path(batch))));
    });

    test(`follow, ${name}: from the start, broken off in a line, again from there → all bytes, once`, async () => {
      const batch = await create([
        task("f0", large),
        task("f1", large),
        task("f-held", "hold"),
        task("f3", large),
      ]);
      const [faithful, fickle] = [
        await Reading.start(`${path(batch)}?follow=true`),
        await Reading.start(`${path(batch)}?follow=true`),
      ];
      await until("the first lines come through", () => fickle.lines.length === 2);
      assert.deepEqual(fickle.lines, names("f0", "f1"));
      fickle.breakOff();
      await assert.rejects(fickle.over);
      const offset = 1_500_000;
      const again = await Reading.start(`${path(batch)}?follow=true&offset=${offset}`);
      await until("it goes on there", () => again.bytes.length === fickle.bytes.length - offset);

      provider.releaseOnly(new RegExp(`^${name}-f-held$`));
      const [all, rest] = await Promise.all([faithful.over, again.over]);
      await end(batch);
      assert.deepEqual(idsIn(all), names("f0", "f1", "f-held", "f3"));
      assert.ok(all.equals(await whole(path(batch))));
      assert.ok(rest.equals(all.subarray(offset)));
    });

    test(`follow, ${name}: a line that is long in coming → a space in front of it each 15 s`, async () => {
      const batch = await create([task("h0", large), task("h-held", "hold")]);
      const reading = await Reading.start(`${path(batch)}?follow=true`);
      await until("the first line comes through", () => reading.lines.length === 1);
      const length = reading.bytes.length;
      await until("a sign of life", () => reading.bytes.length > length, 40_000);
      provider.releaseOnly(new RegExp(`^${name}-h-held$`));
      const all = String(await reading.over);
      await end(batch);
      const lines = String(await whole(path(batch)));
      const spaces = all.length - lines.length;
      assert.ok(spaces >= 1 && spaces <= 3, `${spaces} spaces`);
      assert.equal(all, lines.slice(0, length) + " ".repeat(spaces) + lines.slice(length));
    });
  }

  test("follow, by the SDK: while it runs → line by line, also over a long silence", async () => {
    const client = server.datagrid();
    const items = [
      await datagrid.item(client, "sdk0", large),
      await datagrid.item(client, "sdk-held", "hold"),
    ];
    const batch = await datagrid.create(client, items);
    const follow = { query: { follow: true } };
    const lines = (await client.batchPredictions.retrieveResults(batch.id, follow))[
      Symbol.asyncIterator
    ]();
    const first = await lines.next();
    assert.equal(first.value.custom_id, "sdk0");
    assert.equal((await client.batchPredictions.retrieve(batch.id)).status, "in_progress");
    const second = lines.next();
    await until(
      "16 s pass",
      (
        (start) => () =>
          performance.now() - start > 16_000
      )(performance.now()),
    );
    provider.releaseOnly(/^sdk-held$/);
    assert.equal((await second).value.custom_id, "sdk-held");
    assert.equal((await lines.next()).done, true);
  });

  test("follow: batches that are cancelled, fail, or have no lines → end cleanly", async () => {
    const client = server.datagrid();
    const follow = async (path) => (await Reading.start(`${path}?follow=true`)).over;
    const missing = datagrid.shared(3, "missing", { file_id: "file_nope" });
    const failing = await datagrid.create(client, missing);
    const failed = await follow(dialects.Datagrid.path(failing));
    assert.deepEqual(idsIn(failed), ["missing0", "missing1", "missing2"]);
    await datagrid.end(client, failing);
    assert.ok(failed.equals(await whole(dialects.Datagrid.path(failing))));

    const bad = await openai.create(server.client(), ["{}"]);
    assert.equal((await follow(dialects.OpenAI.path(bad))).length, 0);

    for (const [name, { path, create, end }] of Object.entries(dialects)) {
      const tasks = Array.from({ length: 40 }, (_, index) => [`${name}-stop${index}`, "slow 50"]);
      const batch = await create(tasks);
      const following = follow(path(batch));
      await server.fetch(path(batch).replace("/results", "/cancel"), { method: "POST" });
      const lines = await following;
      await end(batch);
      assert.equal(lines.toString().split("\n").length, 41);
      assert.ok(lines.equals(await whole(path(batch))), name);
    }
  });
});

test("follow: the server dies → it breaks off; again from there on the next one → all bytes, once", async () => {
  const { path, create, end } = dialects.Datagrid;
  const batch = await create([
    ["k0", large],
    ["k-held", "hold"],
    ["k2", "well"],
  ]);
  const reading = await Reading.start(`${path(batch)}?follow=true`);
  await until("the first line comes through", () => reading.lines.length === 1);
  await server.kill();
  await assert.rejects(reading.over, "a stream that is cut off doesn't end");
  provider.release();
  await start();
  const offset = reading.bytes.length;
  const rest = await (await Reading.start(`${path(batch)}?follow=true&offset=${offset}`)).over;
  await end(batch);
  const all = String(await whole(path(batch)));
  assert.deepEqual(idsIn(all), ["k0", "k-held", "k2"]);
  assert.equal(String(reading.bytes) + String(rest).replace(/^ +/gm, ""), all);
});
