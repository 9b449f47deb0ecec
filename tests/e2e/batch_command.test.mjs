// npm run batch: a file of prompts in, a file of answers out, and an exit code that tells how it went.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { item, items, textOf } from "./batches.mjs";
import { Program, newFolder, serve, until } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const example = fileURLToPath(new URL("../examples/prompts.jsonl", import.meta.url));

let provider, server;
const started = [];

before(async () => {
  provider = await Provider.start();
  server = await serve({ upstream: provider.url });
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});
afterEach(() => {
  for (const program of started.splice(0)) if (program.running) program.signal("SIGKILL");
});

const parsed = (path) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Starts it where a person would stand: in a folder of theirs. */
function start(args, { folder = newFolder(), env = {} } = {}) {
  const own = { EDGEBATCH_DATA: join(folder, "data"), INIT_CWD: folder };
  const program = new Program("batch", args, { env: { ...own, ...env } });
  started.push(program);
  return program;
}

/** With the server that runs. */
function withServer(lines) {
  const folder = newFolder();
  const path = (name) => join(folder, name);
  writeFileSync(path("in.jsonl"), textOf(lines));
  const env = { PORT: new URL(server.url).port };
  return { folder, path, run: (...args) => start(args, { folder, env }) };
}

test("batch: the example file, without a provider → the sandbox answers every item, exit code 0", async () => {
  const folder = newFolder();
  const output = join(folder, "out.jsonl");
  const program = start([example, "-o", "out.jsonl"], { folder });
  assert.equal(await program.ended, 0, program.stderr);
  const prompts = parsed(example);
  const lines = parsed(output);
  assert.equal(prompts.length, 10);
  assert.deepEqual(
    lines.map(({ custom_id }) => custom_id),
    prompts.map(({ custom_id }) => custom_id),
  );
  for (const { response } of lines) {
    assert.equal(response.status_code, 200);
    assert.match(response.body.choices[0].message.content, /sandbox/, "it says that it is an echo");
  }
  assert.match(program.stderr, /10 items, 10 succeeded, 0 failed/);
  assert.equal(program.stdout, "");
  assert.ok(!existsSync(join(folder, "out.errors.jsonl")));
});

test("batch: a server runs already → it is used, and goes on", async () => {
  const { run, path } = withServer(items(3, "well", "used"));
  const program = run("in.jsonl", "-o", "out.jsonl");
  assert.equal(await program.ended, 0, program.stderr);
  assert.equal(parsed(path("out.jsonl")).length, 3);
  assert.equal(provider.requests.filter(({ name }) => name.startsWith("used")).length, 3);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
});

test("batch: no output is named → results go to stdout, alone", async () => {
  const { run } = withServer(items(2, "well", "piped"));
  const program = run("in.jsonl");
  assert.equal(await program.ended, 0, program.stderr);
  const ids = program.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).custom_id);
  assert.deepEqual(ids, ["piped0", "piped1"]);
});

test("batch: some items fail → exit code 1, both files, and a summary by reason", async () => {
  const { run, path } = withServer([
    item("a"),
    item("b", "status 400"),
    item("c", "status 404"),
    item("d", "status 400"),
  ]);
  writeFileSync(path("out.jsonl"), "what was there before\n");
  const program = run("in.jsonl", "-o", "out.jsonl");
  assert.equal(await program.ended, 1);
  assert.deepEqual(
    parsed(path("out.jsonl")).map(({ custom_id }) => custom_id),
    ["a"],
  );
  assert.deepEqual(
    parsed(path("out.errors.jsonl")).map(({ custom_id }) => custom_id),
    ["b", "c", "d"],
  );
  assert.match(program.stderr, /4 items, 1 succeeded, 3 failed/);
  assert.match(program.stderr, /\b2\s+400 not_today\n\s+1\s+404 not_today/);
});

test("batch: bad lines → exit code 1, and each with file and line", async () => {
  const { run, path } = withServer([item("a"), "nonsense", item("a")]);
  const program = run("in.jsonl", "-o", "out.jsonl");
  assert.equal(await program.ended, 1);
  assert.match(program.stderr, /^in\.jsonl:2: This line is not parseable as valid JSON\.$/m);
  assert.match(program.stderr, /^in\.jsonl:3: This custom_id was already used on line 1/m);
  assert.ok(!existsSync(path("out.jsonl")) || readFileSync(path("out.jsonl"), "utf8") === "");
});

test("batch: an input that can't be one → exit code 1, and the server's reason", async () => {
  const { run, path } = withServer([]);
  writeFileSync(path("words.jsonl"), "hello\n");
  for (const name of ["in.jsonl", "words.jsonl"]) {
    const program = run(name);
    assert.equal(await program.ended, 1);
    assert.match(program.stderr, /invalid file format/i);
    assert.doesNotMatch(program.stderr, /\n\s+at /, "no stack");
  }
});

test("batch: arguments that make no sense → exit code 2 and the usage", async () => {
  const { run } = withServer(items(1));
  const cases = [[], ["missing.jsonl"], ["in.jsonl", "--fast"], ["in.jsonl", "-o", "in.jsonl"]];
  const programs = cases.map((args) => run(...args));
  for (const [index, program] of programs.entries()) {
    assert.equal(await program.ended, 2, cases[index].join(" "));
    assert.match(program.stderr, /usage: npm run batch/);
  }
  assert.equal(await run("--help").ended, 0);
});

test("batch: no terminal → a line at first, and then only when something changed", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "in.jsonl"), textOf(items(3, "slow 6000", "plain")));
  const program = start(["in.jsonl", "-o", "out.jsonl"], {
    folder,
    env: { PORT: new URL(server.url).port },
  });
  assert.equal(await program.ended, 0, program.stderr);
  const lines = program.stderr.split("\n").filter((line) => line.startsWith("progress "));
  assert.ok(lines.length >= 1 && lines.length <= 3, program.stderr);
  assert.equal(new Set(lines).size, lines.length, program.stderr);
  for (const line of lines) assert.match(line, /^progress state=[a-z_]+( [a-z]+=\S+)*$/);
  assert.doesNotMatch(program.stderr, /[\r\x1b]/, "nothing is redrawn");
});

test("batch: interrupted, then resumed → the same batch goes on to its end", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "in.jsonl"), textOf(items(20, "hold", "later")));
  const env = { UPSTREAM_URL: provider.url };
  const program = start(["in.jsonl", "-o", "out.jsonl"], { folder, env });
  await until("items wait", () => provider.held.length > 0 || !program.running, 60_000);
  program.signal("SIGINT");
  assert.equal(await program.ended, 130);
  const [, id] = /--resume (batch_\w+)/.exec(program.stderr) ?? [];
  assert.ok(id, program.stderr);

  provider.release();
  const resumed = start(["--resume", id, "-o", "out.jsonl"], { folder, env });
  assert.equal(await resumed.ended, 0, resumed.stderr);
  assert.equal(parsed(join(folder, "out.jsonl")).length, 20);
});
