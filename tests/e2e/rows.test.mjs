// Rows in memory and rows in SQLite, in one Durable Object on real workerd: whatever is done to
// both, they say the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

const worker = `
import { DurableObject } from "cloudflare:workers";
import { StoredRows } from "./ports/stored_rows.ts";
import { VolatileRows } from "./ports/volatile_rows.ts";

let seed = 1;
const below = (count) => (seed = (seed * 48271) % 2147483647) % count;
const byte = () => [0, 1, 47, 127, 128, 255][below(6)];
const bytes = (count) => Uint8Array.from({ length: below(count) }, byte);
const list = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
const plain = (value) => JSON.stringify(value, list);

export class Both extends DurableObject {
  compare(steps) {
    const all = [new StoredRows(this.ctx.storage.sql, () => {}), new VolatileRows()];
    const seen = { found: 0, scanned: 0 };
    for (let step = 0; step < steps; ++step) {
      const [key, value, to, limit] = [bytes(4), bytes(9), bytes(4), below(7)];
      const down = below(2) === 1;
      const act = [
        (rows) => rows.put(key, value),
        (rows) => rows.put(key, value),
        (rows) => rows.erase(key),
        (rows) => rows.get(key),
        (rows) => rows.scan(key, to, limit, down),
        (rows) => rows.scan(key, Uint8Array.of(255, 255, 255, 255), 0xffffffff, down),
      ][below(6)];
      const [stored, volatile] = all.map(act);
      if (plain(stored) !== plain(volatile)) return { step, stored, volatile };
      if (Array.isArray(stored)) seen.scanned += stored.length;
      else if (stored) seen.found += 1;
      key.fill(7); // What was handed in doesn't outlive the call.
      value.fill(7);
    }
    return seen;
  }
}

export default {
  async fetch(request, env) {
    return Response.json(await env.BOTH.get(env.BOTH.idFromName("both")).compare(5_000));
  },
};
`;

test("rows: in memory, and in SQLite → the same at every step", async () => {
  const resolveDir = fileURLToPath(new URL("../../bindings/workerd", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir, loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:*"],
    write: false,
  });
  const miniflare = new Miniflare({
    modules: true,
    script: outputFiles[0].text,
    compatibilityDate: "2026-04-01",
    durableObjects: { BOTH: { className: "Both", useSQLite: true } },
    cf: false,
  });
  try {
    const answer = await (await miniflare.dispatchFetch("http://rows/")).json();
    assert.deepEqual(Object.keys(answer), ["found", "scanned"], JSON.stringify(answer));
    assert.ok(answer.found > 100 && answer.scanned > 5_000, JSON.stringify(answer));
  } finally {
    await miniflare.dispose();
  }
});
