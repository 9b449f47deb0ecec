import assert from "node:assert/strict";
import { test } from "node:test";

import { file } from "./files.mjs";
import { hosts } from "./hosts.mjs";

const at = "bindings/workerd/ports/http.ts";

test("hosts: a vendor word, a status or a body in a host → a message with file and line", () => {
  for (const line of [
    'const base = "/openai/v1";',
    'if (line.includes("custom_id")) return;',
    "return new Response(null, { status: 404 });",
    "if (reply.status >= 500) return retry();",
    'return new Response("not found");',
    "return Response.json(problem);",
  ]) {
    assert.deepEqual(
      hosts([file(at, `\n${line}`)]).map((message) => message.split(": ")[0]),
      [`${at}:2`],
      line,
    );
  }
});

test("hosts: numbers that are no status, comments, and local programs → nothing to say", () => {
  for (const line of [
    "const part_bytes_max = 5 * 1024 * 1024;",
    "await delay(5000);",
    "return new Response(body, { status });",
    "// A 404 of the upstream is the core's to judge.",
  ]) {
    assert.deepEqual(hosts([file(at, line)]), [], line);
  }
  const local = file("bindings/workerd/local/batch.ts", 'import OpenAI from "openai"; // 404');
  assert.deepEqual(hosts([local]), []);
});
