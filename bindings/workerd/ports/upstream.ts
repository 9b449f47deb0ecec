// A request to a model provider, with limits on the time it takes and the bytes it answers.
import { bodyOf, readPieces } from "../composed.ts";
import { Fault, Writer } from "../frame.ts";
import type { Port } from "./port.ts";

/** The whole content, or undefined if it is larger than that. */
async function readAtMost(response: Response, bytesMax: number): Promise<Uint8Array | undefined> {
  const { body, headers } = response;
  if (!body) return new Uint8Array();
  const size = headers.has("content-encoding") ? null : headers.get("content-length");
  const fits = size !== null && Number(size) <= bytesMax;
  if (fits) return new Uint8Array(await response.arrayBuffer()); // Cheaper than pieces.

  const content = new Writer();
  for await (const piece of body as ReadableStream<Uint8Array>) {
    if (content.size + piece.length > bytesMax) return undefined; // Which cancels the rest.
    content.raw(piece);
  }
  return content.take();
}

export const upstream =
  (bucket: R2Bucket): Port =>
  async (ask, over) => {
  const method = ask.text();
  const url = ask.text();
  const headers = ask.list(() => ask.pair());
  const wantedHeaders = ask.list(() => ask.text());
  const answerBytesMax = ask.varint();
  const timeoutMs = ask.varint();
  const pieces = readPieces(ask);

  const stop = new AbortController();
  const abandon = (): void => stop.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abandon();
  }, timeoutMs);
  over.addEventListener("abort", abandon);

  try {
    const response = await fetch(url, {
      method,
      headers,
      body: bodyOf(pieces, bucket),
      redirect: "manual",
      signal: stop.signal,
    });
    const content = await readAtMost(response, answerBytesMax);
    if (!content) return Fault.tooLarge;
    const out = new Writer().varint(response.status);
    out.list(wantedHeaders, (name) =>
      out.optional(response.headers.get(name), (value) => out.text(value)),
    );
    return out.bytes(content).take();
  } catch {
    return late ? Fault.late : Fault.lost;
  } finally {
    clearTimeout(timer);
    over.removeEventListener("abort", abandon);
  }
};
