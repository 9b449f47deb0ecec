// A request to a model provider, with limits on the time it takes and the bytes it answers.
import { Exchange, headOf, readRequest } from "../exchange.ts";
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
    const answerBytesMax = ask.varint();
    const request = readRequest(ask);
    const exchange = new Exchange(request.timeoutMs, over);
    try {
      const response = await exchange.send(request, bucket);
      const content = await readAtMost(response, answerBytesMax);
      if (!content) return Fault.tooLarge;
      return headOf(response, request).bytes(content).take();
    } catch {
      return exchange.fault;
    } finally {
      exchange.end();
    }
  };
