// What a worker does: it feeds the core, piece by piece, and tells how far it is.
import { Core } from "./core.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { Progress } from "./types.ts";

const progress_ms_min = 100;
const piece_bytes = 4 * 1024 * 1024; // Each costs a round trip to another process.

/** A Blob's bytes, one piece ahead. Unlike its stream, it says why it can't be read. */
async function* pieces(blob: Blob): AsyncGenerator<Uint8Array> {
  const read = (at: number) => blob.slice(at, at + piece_bytes).arrayBuffer();
  let next = read(0); // Of an empty one, too: a file that can't be read may look empty.
  let at = 0;
  do {
    const piece = await next;
    at += piece_bytes;
    if (at < blob.size) next = read(at);
    yield new Uint8Array(piece);
  } while (at < blob.size);
}

/** Gives what a worker does with each message. `wasm`: for Core.load. */
export function server(
  post: (message: FromWorker) => void,
  wasm?: () => Promise<Uint8Array>,
): (message: ToWorker) => Promise<void> {
  let core: Core;
  let bytes = 0;
  let total: number | null = null;
  let told_ms = performance.now();

  const tell = () => {
    const progress: Progress = { bytes, lines: core.lines, errors: core.errors };
    if (total !== null) progress.total = total;
    post({ kind: "progress", progress });
    told_ms = performance.now();
  };
  const feed = (piece: Uint8Array) => {
    core.feed(piece);
    bytes += piece.length;
    if (performance.now() - told_ms >= progress_ms_min) tell();
  };
  const finish = () => {
    const json = core.finish();
    tell();
    post({ kind: "verdict", json });
  };

  const start = async (endpoint: string, blob: Blob | null) => {
    core = await Core.load(await wasm?.());
    core.begin(endpoint);
    if (!blob) return post({ kind: "more" });
    for await (const piece of pieces(blob)) feed(piece);
    finish();
  };
  const take = (piece: Uint8Array | null) => {
    if (!piece) return finish();
    post({ kind: "more" }); // The next one is fetched while this one is looked at.
    feed(piece);
  };

  return async (message) => {
    try {
      if (message.kind === "piece") return take(message.bytes);
      total = message.total;
      await start(message.endpoint, message.blob);
    } catch (error) {
      post({ kind: "failure", error });
    }
  };
}
