// The golden transcripts, replayed on workerd. `REBASE=1` writes what is answered into the pages.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";

import { Names, answerText, blocksOf, pages, rebase, requestOf } from "../golden/golden.mjs";
import { serve, until } from "./harness.mjs";

async function providerOf(answer) {
  const server = createServer(async (request, response) => {
    request.resume();
    await once(request, "end");
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Sends a block's request, and gives the answer. */
async function send(server, text) {
  const { method, target, headers, body } = requestOf(text);
  const init = { method, headers, ...(body ? { body } : {}) };
  const response = await fetch(server.url + target, init);
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    body: await response.text(),
  };
}

async function replay(page, server) {
  const names = new Names();
  const found = [];
  let answer;
  for (const block of blocksOf(page)) {
    const meant = names.meant(block.text);
    if (block.kind === "request") answer = await send(server, meant);
    if (block.kind === "response") found.push({ ...block, text: names.given(answerText(answer)) });
    if (block.kind === "until") {
      const cut = meant.lastIndexOf("\n\n");
      const reached = async () =>
        (await send(server, meant.slice(0, cut))).body.includes(meant.slice(cut + 2));
      await until(meant, reached);
    }
  }
  return found;
}

for (const page of pages) {
  test(`${page}: replayed on workerd → answered as written`, async () => {
    const blocks = blocksOf(page);
    const answer = blocks.find(({ kind }) => kind === "provider")?.text ?? "{}";
    const provider = await providerOf(answer);
    const server = await serve({ upstream: `http://127.0.0.1:${provider.address().port}/v1` });
    try {
      const found = await replay(page, server);
      if (process.env.REBASE) rebase(page, found);
      const expected = blocksOf(page).filter(({ kind }) => kind === "response");
      assert.deepEqual(
        found.map(({ text }) => text),
        expected.map(({ text }) => text),
      );
    } finally {
      await server.stop();
      provider.closeAllConnections();
      provider.close();
    }
  });
}
