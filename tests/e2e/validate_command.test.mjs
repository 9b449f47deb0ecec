// The command line in real wasmtime: files as people have them, the standard input, exit codes.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { at } from "../../.toolchain/paths.mjs";
import { run, wasi } from "./cli.mjs";
import { newFolder } from "./harness.mjs";

const corpus = (name) => at(`tests/corpus/${name}.jsonl`);
const inCorpus = wasi(at("tests/corpus"));
const validate = (...args) => run(inCorpus, ["validate", ...args]);

const request = (id, content = "hello") =>
  JSON.stringify({
    custom_id: id,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "m", messages: [{ role: "user", content }] },
  });

test("validate: a good file → exit code 0, and what is in it", async () => {
  const { code, stdout, stderr } = await validate("good.jsonl");
  assert.equal(stderr, "");
  assert.match(stdout, /^good\.jsonl: valid; 3 items in 3 lines, \d+ bytes, about \d+ input tokens$/m);
  assert.match(stdout, /^ {2}models: m \(3\)\n {2}urls: \/v1\/chat\/completions \(3\)$/m);
  assert.equal(code, 0);
});

test("validate: files from the wild → each error at its place", async () => {
  for (const [name, ...places] of [
    ["bom"],
    ["bom_and_error", "1:14", "1:1", "1:1", "1:1"],
    ["crlf", "3:8"],
    ["u2028"],
    ["no_final_newline"],
    ["blank_lines", "2:1", "3:1"],
    ["nul", "2:16", "3:1", "4:98"],
    ["duplicate_ids", "3:14", "4:14"],
    ["columns", "1:14", "2:10", "3:29"],
  ]) {
    const { code, stdout } = await validate(`${name}.jsonl`);
    const found = [...stdout.matchAll(/^\w+\.jsonl:(\d+:\d+): error: /gm)].map((match) => match[1]);
    assert.deepEqual(found, places, `${name}:\n${stdout}`);
    assert.equal(code, places.length ? 1 : 0, name);
  }
});

test("validate: an error → message, code, excerpt, mark and hint, as compilers print it", async () => {
  const { stdout } = await validate("columns.jsonl");
  assert.ok(
    stdout.startsWith(
      "columns.jsonl:1:14: error: This line is not parseable as valid JSON. [invalid_json_line]\n" +
        '  {"é🙂":["日本語",]}\n' +
        `  ${" ".repeat(17)}^\n` +
        "  hint: A value has to stand here: ",
    ),
    stdout,
  );
});

test("validate: a custom_id that comes twice → a note names the first line", async () => {
  const { stdout } = await validate("duplicate_ids.jsonl");
  assert.match(stdout, /^duplicate_ids\.jsonl:3:14: error: .*\[duplicate_custom_id\]\n.*\n.*\^~~\n/m);
  assert.equal(stdout.match(/^duplicate_ids\.jsonl:1: note: first used here$/gm)?.length, 2);
});

test("validate: control characters → none of them gets to the terminal", async () => {
  const { stdout } = await validate("control_characters.jsonl", "nul.jsonl", "cr_only.jsonl");
  assert.doesNotMatch(stdout.replaceAll("\n", ""), /\p{Cc}/u);
  assert.match(stdout, /␛\[31m/);
});

test("validate: a line of 20 MB → its error with the text around it, in bounded memory", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "long.jsonl"), `${request("a", "x".repeat(20_000_000))}\n{"a":,}\n`);
  const { code, stdout } = await run(wasi(folder), ["validate", "long.jsonl"]);
  assert.match(stdout, /^long\.jsonl:1:16777217: error: .*\[line_too_long\]\n {2}hint: /m);
  assert.match(stdout, /^long\.jsonl:2:6: error: .*\n {2}\{"a":,\}\n {7}\^$/m);
  assert.equal(code, 1);
});

test("validate: 210 MB in lines of 15 MB, through a pipe → valid, in 64 MiB, with a warning", async () => {
  const lines = Array.from({ length: 14 }, (_, i) => `${request(`${i}`, "x".repeat(15_000_000))}\n`);
  const { code, stdout } = await run(wasi(), ["validate", "-"], { input: Buffer.from(lines.join("")) });
  assert.match(stdout, /^<stdin>: warning: a batch takes no file of more than 200,000,000 bytes$/m);
  assert.match(stdout, /^<stdin>: valid; 14 items in 14 lines, /m);
  assert.equal(code, 0);
});

test("validate: the standard input → as a file", async () => {
  const input = readFileSync(corpus("bom_and_error"));
  const { code, stdout } = await run(wasi(), ["validate", "-"], { input });
  assert.match(stdout, /^<stdin>:1:14: error: /);
  assert.equal(code, 1);
});

test("validate: several files → each with its errors and summary, and the worst exit code", async () => {
  const { code, stdout, stderr } = await validate("good.jsonl", "missing.jsonl", "crlf.jsonl", "bom.jsonl");
  assert.match(stdout, /good\.jsonl: valid;[^]*crlf\.jsonl: 1 error;[^]*bom\.jsonl: valid;/);
  assert.equal(stderr, "edgebatch_cli: missing.jsonl: No such file or directory\n");
  assert.equal(code, 3);
  assert.equal((await validate("crlf.jsonl", "good.jsonl")).code, 1);
});

test("validate: --endpoint → every line has to have it", async () => {
  const args = ["--endpoint=/v1/embeddings", "two_endpoints.jsonl"];
  const { code, stdout } = await validate(...args);
  assert.match(stdout, /^two_endpoints\.jsonl:1:\d+: error: .*\[invalid_url\]$/m);
  assert.doesNotMatch(stdout, /^two_endpoints\.jsonl:2:\d+: error: .*\[invalid_url\]$/m);
  assert.equal(code, 1);
});

test("validate: --format=json → a verdict a file, each a line", async () => {
  const { code, stdout, stderr } = await validate("--format=json", "good.jsonl", "crlf.jsonl");
  const lines = stdout.split("\n");
  assert.equal(lines.pop(), "");
  const [good, bad] = lines.map((line) => JSON.parse(line));
  assert.deepEqual([lines.length, good.valid, bad.valid, bad.errors[0].line], [2, true, false, 3]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
});

test("validate: on a terminal → a line that says how far it is, and is gone at the end", async () => {
  const command = [...inCorpus, "validate", "crlf.jsonl"].map((word) => `'${word}'`).join(" ");
  const { stdout } = await run(["script"], ["-qec", command, "/dev/null"]);
  const free = "\r\x1b[2K";
  const [errors, shown, summary, ...rest] = stdout.split(free);
  assert.match(errors, /^crlf\.jsonl:3:8: error: /);
  assert.equal(shown, "0.0 MB  3 lines  1 error");
  assert.match(summary, /^crlf\.jsonl: 1 error; /);
  assert.deepEqual(rest, []);
});

test("validate: more than 1,000 errors → the others are counted", async () => {
  const { stdout } = await run(wasi(), ["validate", "-"], { input: "[\n".repeat(1234) });
  assert.equal(stdout.match(/: error: /g).length, 1000);
  assert.match(stdout, /^<stdin>: 234 more errors not listed\n<stdin>: 1,234 errors; 1,234 items /m);
});

test("validate: arguments that make no sense → exit code 2, and why", async () => {
  for (const [args, why] of [
    [[], /no command/],
    [["validate"], /needs a FILE/],
    [["validate", "--format=xml", "a"], /'xml' is no format/],
    [["validate", "--endpoint=/v2", "a"], /'\/v2' is no endpoint/],
  ]) {
    const { code, stdout, stderr } = await run(inCorpus, args);
    assert.match(stderr, why);
    assert.equal(stdout, "");
    assert.equal(code, 2);
  }
});

test("validate: --help and --version → exit code 0", async () => {
  const help = await run(inCorpus, ["--help"]);
  assert.match(help.stdout, /^usage: edgebatch_cli validate /);
  const { version } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  const shown = await run(inCorpus, ["--version"]);
  assert.equal(shown.stdout, `edgebatch ${version}\n`);
  assert.deepEqual([help.code, shown.code], [0, 0]);
});
