// What npm run batch says while it waits: bindings/workerd/local/progress_text.ts alone.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const source = fileURLToPath(new URL("../../bindings/workerd/local/progress_text.ts", import.meta.url));

let Pace, duration, plainLine, terminalLine;

before(async () => {
  const { outputFiles } = await build({ entryPoints: [source], bundle: true, format: "esm", write: false });
  const [{ contents }] = outputFiles;
  const url = `data:text/javascript;base64,${Buffer.from(contents).toString("base64")}`;
  ({ Pace, duration, plainLine, terminalLine } = await import(url));
});

const standing = {
  state: "in_progress",
  total: 50_000,
  done: 12_345,
  failed: 3,
  tokens: 1_234_567,
  runners: 2,
  waiting: undefined,
};
const rates = { lately: 1_204.4, overall: 1_000 };
const unknown = { lately: undefined, overall: undefined };
const waiting = { reason: "rate_limited", message: "the provider asks for a pause", until: 1_800_000_012 };
const nowMs = 1_800_000_000_000;
const wide = { columns: 200, nowMs };

test("terminal line: a batch that runs → all that is known, in one line", () => {
  assert.equal(
    terminalLine(standing, rates, wide),
    "in progress  12,345/50,000 (24 %)  1,204/s  3 errors  1.2M tokens  32 s left  2 runners",
  );
});

test("terminal line: nothing is known yet → the state alone, then dashes", () => {
  const { columns } = wide;
  const validating = { ...standing, state: "validating", total: 0, done: 0, runners: undefined };
  assert.equal(terminalLine(validating, unknown, { columns, nowMs }), "validating");
  assert.equal(
    terminalLine({ ...standing, runners: undefined, failed: 1 }, unknown, wide),
    "in progress  12,345/50,000 (24 %)  —/s  1 error  1.2M tokens  — left",
  );
});

test("terminal line: it waits → for what and how long, and no time is left to tell", () => {
  assert.equal(
    terminalLine({ ...standing, waiting }, rates, wide),
    "in progress  12,345/50,000 (24 %)  waits 12 s: the provider asks for a pause  1,204/s  3 errors  " +
      "1.2M tokens  — left  2 runners",
  );
  const line = (changed) =>
    terminalLine({ ...standing, waiting: { ...waiting, ...changed } }, rates, wide);
  assert.match(line({ until: null }), /  waits: the provider/);
  assert.match(line({ until: 1_799_999_999 }), /  waits: the provider/, "that time is over");
  assert.match(line({ message: "" }), /  waits 12 s: rate_limited  /);
  assert.match(line({ message: "a\x1b[2Jb\r\nc\u2028d" }), /: a \[2Jb c d  /, "it can't move the cursor");
});

test("terminal line: any width → never wider", () => {
  const columnsOf = (text) => [...text].reduce((sum, one) => sum + (/[一-龥]/.test(one) ? 2 : 1), 0);
  for (const message of ["the provider asks for a pause", "等待提供者的许可才能继续"]) {
    const full = terminalLine({ ...standing, waiting: { ...waiting, message } }, rates, wide);
    for (let columns = 0; columns <= columnsOf(full) + 1; ++columns) {
      const line = terminalLine({ ...standing, waiting: { ...waiting, message } }, rates, { columns, nowMs });
      assert.ok(columnsOf(line) <= columns, `${columns}: ${line}`);
      if (columns >= columnsOf(full)) assert.equal(line, full);
      else if (columns > 0) assert.ok(line.endsWith("…"), `${columns}: ${line}`);
    }
  }
});

test("plain line: a batch that runs → names and values that grep finds", () => {
  assert.equal(
    plainLine(standing, rates),
    "progress state=in_progress done=12345/50000 percent=24 rate=1204.4/s errors=3 tokens=1234567 left=32s runners=2",
  );
  assert.equal(
    plainLine({ ...standing, waiting }, rates),
    "progress state=in_progress done=12345/50000 percent=24 rate=1204.4/s errors=3 tokens=1234567 runners=2 " +
      'waiting=rate_limited until=2027-01-15T08:00:12.000Z message="the provider asks for a pause"',
  );
});

test("plain line: nothing is known yet → no name without a value", () => {
  const validating = { ...standing, state: "validating", total: 0, done: 0, runners: undefined };
  assert.equal(plainLine(validating, unknown), "progress state=validating");
  assert.equal(
    plainLine({ ...standing, runners: undefined, waiting: { ...waiting, until: null } }, unknown),
    "progress state=in_progress done=12345/50000 percent=24 errors=3 tokens=1234567 waiting=rate_limited " +
      'message="the provider asks for a pause"',
  );
});

test("pace: less than a second → unknown; then the last ten seconds, and all of it", () => {
  const pace = new Pace();
  assert.deepEqual(pace.see(0, 500), unknown);
  assert.deepEqual(pace.see(999, 600), unknown);
  assert.deepEqual(pace.see(2_000, 700), { lately: 100, overall: 100 });
  for (let at = 3_000; at <= 20_000; at += 1_000) pace.see(at, 700 + (at - 2_000) / 10);
  assert.deepEqual(pace.see(30_000, 2_500), { lately: 0, overall: 2_000 / 30 });
});

test("pace: looks that are far apart → the rate since the last one", () => {
  const pace = new Pace();
  pace.see(0, 0);
  assert.deepEqual(pace.see(60_000, 600), { lately: 10, overall: 10 });
  assert.deepEqual(pace.see(120_000, 1_800), { lately: 20, overall: 15 });
});

test("time left: counts that move in leaps → by the rate of the whole while nothing moved lately", () => {
  const lately = (value) => plainLine({ ...standing, done: 49_000 }, { lately: value, overall: 100 });
  assert.match(lately(0), / left=10s/);
  assert.match(lately(200), / left=5s/);
  assert.doesNotMatch(plainLine(standing, { lately: 0, overall: 0 }), /left/);
});

test("duration: seconds, minutes, hours, days → at most two units", () => {
  const cases = { 0: "0 s", 59: "59 s", 60: "1 min 00 s", 185: "3 min 05 s", 3599: "59 min 59 s" };
  const longer = { 3600: "1 h 00 min", 7800: "2 h 10 min", 86399: "23 h 59 min", 273600: "3 d 4 h" };
  for (const [seconds, text] of Object.entries({ ...cases, ...longer })) {
    assert.equal(duration(Number(seconds)), text);
  }
});
