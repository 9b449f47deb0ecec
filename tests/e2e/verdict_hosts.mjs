// Every host that gives verdicts. One has a `name` and `verdictOf(bytes)`, a promise of the
// verdict's JSON as a string, exactly as it was given, but for the end of a line behind it. If it
// needs more than a process for each file, it has `start()` and `stop()`, too.
import assert from "node:assert/strict";

import { chromium } from "playwright-core";

import { which } from "../../.toolchain/command.mjs";
import { native, run, wasi } from "./cli.mjs";
import { serve } from "./harness.mjs";
import { newProject, serve as serveSite } from "./vite_project.mjs";

const command = (name, program) => ({
  name,
  async verdictOf(bytes) {
    const { code, stdout, stderr } = await run(program, ["validate", "--format=json", "-"], {
      input: bytes,
    });
    assert.equal(stderr, "");
    assert.match(stdout, /^[^\n]+\n$/);
    const verdict = stdout.slice(0, -1);
    assert.equal(code, verdict.startsWith('{"object":"batch.input.verdict","valid":true,') ? 0 : 1);
    return verdict;
  },
});

/** The endpoint that stores nothing. The sandbox serves every model, as a file by itself expects. */
const workerd = {
  name: "workerd",
  async start() {
    this.server = await serve();
  },
  async verdictOf(bytes) {
    const response = await this.server.fetch("/batches/validate", { method: "POST", body: bytes });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return text;
  },
  stop() {
    return this.server?.stop();
  },
};

/** The npm package in a page, with a file that somebody has chosen. */
const page = {
  name: "Chromium",
  async start() {
    const { folder } = await newProject();
    this.site = await serveSite(folder);
    const args = ["--no-sandbox", "--disable-dev-shm-usage"];
    this.browser = await chromium.launch({ executablePath: which("chromium"), args });
    this.page = await this.browser.newPage();
    await this.page.goto(this.site.origin);
    await this.page.waitForFunction(() => globalThis.validator);
  },
  async verdictOf(bytes) {
    const file = { name: "in.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(bytes) };
    await this.page.locator("input").setInputFiles(file);
    return this.page.evaluate(() =>
      globalThis.validator.validateToJson(document.querySelector("input").files[0]),
    );
  },
  async stop() {
    await this.browser?.close();
    await this.site?.close();
  },
};

/** The first is the one that all others are compared to. */
export const hosts = [
  command("native", native),
  command("wasmtime", wasi()),
  workerd,
  page,
];
