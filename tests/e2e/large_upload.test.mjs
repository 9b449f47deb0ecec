// The largest input that the vendor takes, 50,000 lines in 200 MB, uploaded as a stream by the
// official SDK, and its batch run to the end. What it took is printed. That lasts for minutes, so
// npm test does it with a tenth of it, and npm run soak (EDGEBATCH_SOAK=1) with all.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, before, test } from "node:test";

import { conserved, createFrom, end, item, items } from "./batches.mjs";
import { newFolder, peakOf, serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

const lines_count = process.env.EDGEBATCH_SOAK ? 50_000 : 5_000;
const line_bytes = 4_000; // With its line feed.
// Of workerd, with the simulators of R2 and Durable Objects in it.
const upload_peak_mib_max = 192;
const peak_mib_max = 400;
const batch_ms_max = 300_000;

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url, concurrency: 64 }) });
  client = server.client();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

function paddedLine(index) {
  const line = (padding) => `${item(`i${index}`, "well", { padding })}\n`;
  return line("x".repeat(line_bytes - line("").length));
}

/** Writes them to a file, a thousand at a time; gives the digest of it. */
async function writeLines(path) {
  const hash = createHash("sha256");
  async function* pieces() {
    for (let from = 0; from < lines_count; from += 1_000) {
      const piece = Array.from({ length: 1_000 }, (_, index) => paddedLine(from + index)).join("");
      hash.update(piece);
      yield piece;
    }
  }
  await pipeline(pieces, createWriteStream(path));
  return hash.digest("hex");
}

const size = `${(lines_count * line_bytes) / 1e6} MB in ${lines_count.toLocaleString("en")} lines`;

test(`large upload: ${size} → whole, and each item asked once`, async (t) => {
  const path = join(newFolder(), "in.jsonl");
  const sha256 = await writeLines(path);
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);

  const file = await client.files.create({ file: createReadStream(path), purpose: "batch" });
  assert.equal(file.bytes, lines_count * line_bytes);
  assert.equal(file.sha256, sha256);
  const uploaded_mib = peakOf(server.workerd);
  t.diagnostic(`uploaded after ${seconds()} s; workerd: at most ${Math.round(uploaded_mib)} MiB`);
  assert.ok(uploaded_mib <= upload_peak_mib_max, `workerd held ${uploaded_mib} MiB`);

  const batch = await end(client, await createFrom(client, file.id), batch_ms_max);
  t.diagnostic(`ended after ${seconds()} s`);
  assert.equal(batch.status, "completed");
  await conserved(client, batch, items(lines_count));
  assert.equal(provider.requests.length, lines_count);

  const peak_mib = peakOf(server.workerd);
  t.diagnostic(`read after ${seconds()} s; workerd: at most ${Math.round(peak_mib)} MiB`);
  assert.ok(peak_mib <= peak_mib_max, `workerd held ${peak_mib} MiB`);
});
