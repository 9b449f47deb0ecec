// The validator for browsers, as somebody uses it who has installed it, in Debian's Chromium.
import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync } from "node:zlib";

import { chromium } from "playwright-core";

import { run, which } from "../../.toolchain/command.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { newFolder, peakOf } from "./harness.mjs";
import { newProject, serve, typeCheck } from "./vite_project.mjs";

const package_bytes_max = 60_000; // Its code, by brotli.
const growth_mib_max = 96; // Of the page's process, the instance's 64 MiB included.

const good = at("tests/examples/prompts.jsonl");
const line = (id, content = "hello") =>
  JSON.stringify({
    custom_id: id,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "gpt-4o-mini", messages: [{ role: "user", content }] },
  });

let folder, output, site, browser, page, bad, large;

before(async () => {
  ({ folder, output } = await newProject());
  site = await serve(folder);
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  browser = await chromium.launch({ executablePath: which("chromium"), args });
  page = await browser.newPage();
  await page.goto(site.origin);
  await page.waitForFunction(() => globalThis.validator);

  const files = newFolder();
  bad = join(files, "bad.jsonl");
  const lines = [line("a"), line("é🙂").replace("POST", "GET"), "{", line("a"), '{"custom_id":"ü",}'];
  writeFileSync(bad, `${lines.join("\n")}\n`);
  large = join(files, "large.jsonl");
  const text = 'A guest of the café wrote: "It has not arrived." Answer in two sentences. 🙂\n'.repeat(74);
  const file = openSync(large, "w");
  for (let i = 0; i < 480; ++i) {
    const hundred = Array.from({ length: 100 }, (_, j) => line(`id-${i}-${j}`, text));
    writeSync(file, `${hundred.join("\n")}\n`);
  }
  closeSync(file);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** Chooses a file in the page, as people do. */
const choose = (path) => page.locator("input").setInputFiles(path);
const noWorkerLeft = async () => {
  for (let i = 0; i < 50 && page.workers().length; ++i) await page.waitForTimeout(20);
  assert.equal(page.workers().length, 0);
};

test("the package: what it takes → at most 60 kB by brotli, no dependencies", (t) => {
  const installed = join(folder, "node_modules/@edgebatch/validator");
  const code = readdirSync(installed).filter((name) => /\.(js|wasm)$/.test(name));
  const sizes = code.map((name) => brotliCompressSync(readFileSync(join(installed, name))).length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  t.diagnostic(`${sum} bytes by brotli`);
  assert.ok(sum <= package_bytes_max, `${sum} bytes`);
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.equal(manifest.dependencies, undefined);
  assert.doesNotMatch(output, /warn|externalized/i, "Vite has nothing to say about it");
});

for (const resolution of ["bundler", "nodenext"]) {
  test(`types: a strict consumer, resolved as ${resolution} → compiles`, () =>
    typeCheck(folder, resolution));
}

test("validate: a good file → valid, and counted", async () => {
  await choose(good);
  const verdict = await page.evaluate(() =>
    validator.validate(document.querySelector("input").files[0], { endpoint: "/v1/chat/completions" }),
  );
  assert.equal(verdict.valid, true);
  assert.equal(verdict.items, 10);
  assert.equal(verdict.errors_count, 0);
  await noWorkerLeft();
});

test("validate: a bad file → its errors, each with its place", async () => {
  await choose(bad);
  const verdict = await page.evaluate(() =>
    validator.validate(document.querySelector("input").files[0]),
  );
  assert.equal(verdict.valid, false);
  assert.deepEqual(
    verdict.errors.map(({ code, line, column, byte_column }) => [code, line, column, byte_column]),
    [
      ["invalid_value", 2, 28, 32],
      ["invalid_json_line", 3, 2, 2],
      ["duplicate_custom_id", 4, 14, 14],
      ["invalid_json_line", 5, 18, 19],
    ],
  );
});

test("validateToJson: an input of the unit tests → the bytes that they expect natively and in wasmtime", async () => {
  const json = await page.evaluate(() => validator.validateToJson('{"é":[1,]}'));
  const unit = readFileSync(at("tests/unit/dialects/openai/verdict_json_test.cpp"), "utf8");
  const [, test] = /CHECK\(verdict_of\("\{\\"\\xC3\\xA9\\":\[1,\]\}"\) ==\n(.*?)\);\n\}/s.exec(unit);
  const expected = [...test.matchAll(/R"\((.*)\)"/g)].map(([, part]) => part).join("");
  assert.equal(json, expected);
});

test("validateToJson: a file, a stream, a string, in a worker, in Node → the same bytes", async () => {
  await choose(bad);
  const [file, ...others] = await page.evaluate(async () => {
    const file = document.querySelector("input").files[0];
    const worker = newWorker();
    const fromWorker = new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
    worker.postMessage(file);
    const texts = await Promise.all([
      validator.validateToJson(file),
      validator.validateToJson(file.stream()),
      validator.validateToJson(await file.text()),
      fromWorker,
    ]);
    worker.terminate();
    return texts;
  });
  for (const other of others) assert.equal(other, file);
  assert.equal(await run(process.execPath, [join(folder, "node.mjs"), bad], { cwd: folder }), file);
});

test("validateToJson: characters of two units where pieces of a string end → unharmed", async () => {
  const [text, blob] = await page.evaluate(async (line) => {
    const lines = ["", "x"].map((shift, i) => line.replace("ID", i).replace("…", shift + "🙂".repeat(1e6)));
    const text = lines.join("\n");
    return Promise.all([text, new Blob([text])].map((input) => validator.validateToJson(input)));
  }, line("ID", "…"));
  assert.equal(text, blob);
  assert.equal(JSON.parse(text).valid, true);
});

test("validate: an endpoint that there is none of → a RangeError that names those that there are", async () => {
  const message = await page.evaluate(() =>
    validator.validate("", { endpoint: "/v1/nothing" }).catch((error) => `${error}`),
  );
  assert.match(message, /^RangeError: .*\/v1\/chat\/completions/);
  await noWorkerLeft();
});

test("validate: 300 MB → bounded memory, a page that responds, progress up to the end", async (t) => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const peaks = () => renderers.map(peakOf);
  await choose(large);
  const before = peaks();
  const told = await page.evaluate(async () => {
    const file = document.querySelector("input").files[0];
    const progress = [];
    let last = performance.now();
    let gap = 0;
    const ticking = setInterval(() => {
      gap = Math.max(gap, performance.now() - last);
      last = performance.now();
    }, 5);
    const start = performance.now();
    const verdict = await validator.validate(file, { onProgress: (now) => progress.push(now) });
    clearInterval(ticking);
    return { size: file.size, verdict, progress, gap, ms: performance.now() - start };
  });
  const growth = Math.max(...peaks().map((peak, i) => peak - before[i]));
  const rate = told.size / 1000 / told.ms;
  t.diagnostic(
    `${rate.toFixed()} MB/s; the page's process grew by ${growth.toFixed(1)} MiB; ` +
      `its main thread was away for ${told.gap.toFixed()} ms at most; ${told.progress.length} reports`,
  );
  assert.ok(told.size > 300e6);
  assert.equal(told.verdict.items, 48_000);
  assert.ok(growth < growth_mib_max, `${growth} MiB`);
  assert.ok(told.gap < Math.max(200, told.ms / 4), `${told.gap} of ${told.ms} ms`);
  const { length } = told.progress;
  assert.ok(length >= 2 && length <= told.ms / 100 + 2, `${length} reports in ${told.ms} ms`);
  told.progress.slice(1).forEach(({ bytes }, i) => assert.ok(bytes >= told.progress[i].bytes));
  assert.deepEqual(told.progress.at(-1), {
    ...{ bytes: told.size, total: told.size },
    ...{ lines: 48_000, errors: told.verdict.errors_count },
  });
});

test("validate: its signal is aborted → rejects with the reason, and nothing is left", async () => {
  await choose(large);
  const told = await page.evaluate(async () => {
    const file = document.querySelector("input").files[0];
    const abortAt = async (input) => {
      const controller = new AbortController();
      const reason = { why: "enough" };
      let after = 0;
      const onProgress = () => {
        if (controller.signal.aborted) ++after;
        controller.abort(reason);
      };
      const options = { signal: controller.signal, onProgress };
      const same = await validator.validate(input, options).then(() => false, (error) => error === reason);
      return { same, after };
    };
    let cancelled = null;
    const reader = file.stream().getReader();
    const stream = new ReadableStream({
      pull: async (controller) => controller.enqueue((await reader.read()).value),
      cancel: (reason) => (cancelled = reason),
    });
    const early = await validator
      .validate(file, { signal: AbortSignal.abort("before") })
      .catch((error) => error);
    return { file: await abortAt(file), stream: await abortAt(stream), cancelled, early };
  });
  assert.deepEqual(told.file, { same: true, after: 0 });
  assert.deepEqual(told.stream, { same: true, after: 0 });
  assert.deepEqual(told.cancelled, { why: "enough" });
  assert.equal(told.early, "before");
  await noWorkerLeft();
});

test("validate: the input can't be read to its end → rejects with what is the matter", async () => {
  const removed = join(newFolder(), "removed.jsonl");
  writeFileSync(removed, line("a"));
  await choose(removed);
  await page.evaluate(() => document.querySelector("input").files[0].size); // Chromium looks at it now.
  rmSync(removed);
  const told = await page.evaluate(async () => {
    const file = document.querySelector("input").files[0];
    const mistake = new Error("broken off");
    const broken = new ReadableStream({ pull: (controller) => controller.error(mistake) });
    const texts = new ReadableStream({ pull: (controller) => controller.enqueue("text") });
    const why = (input) => validator.validate(input).then(() => null, (error) => error);
    return [(await why(file)).name, (await why(broken)) === mistake, (await why(texts)).name];
  });
  assert.deepEqual(told, ["NotFoundError", true, "TypeError"]);
  await noWorkerLeft();
});

test("validate: a stream faster than the validator → it is read no faster than it is validated", async (t) => {
  const told = await page.evaluate(async (line) => {
    const chunk = new TextEncoder().encode(`${line}\n`.repeat(1024 ** 2 / (line.length + 1)));
    const chunks = 100;
    let pulled = 0;
    const stream = new ReadableStream({
      pull: (controller) => (pulled++ < chunks ? controller.enqueue(chunk) : controller.close()),
    });
    let ahead = 0;
    const start = performance.now();
    const onProgress = ({ bytes }) => (ahead = Math.max(ahead, pulled - bytes / chunk.length));
    const verdict = await validator.validate(stream, { onProgress });
    const rate = (chunks * chunk.length) / 1000 / (performance.now() - start);
    return { expected: chunks * chunk.length, verdict, ahead, rate };
  }, line("a", "An ordinary text. ".repeat(500)));
  t.diagnostic(`${told.rate.toFixed()} MB/s of a stream`);
  assert.ok(told.ahead <= 4, `${told.ahead} chunks ahead`);
  assert.equal(told.verdict.items, told.expected / (line("a", "An ordinary text. ".repeat(500)).length + 1));
});
