// A request to a model provider, with limits on the time it takes and the bytes it answers.
import { Exchange, headOf, readRequest } from "../exchange.ts";
import { Fault, Writer } from "../frame.ts";
import type { Port } from "./port.ts";

/** The whole content, or undefined if it is larger than that. */
async function readAtMost(response: Response, bytesMax: number): Promise<Uint8Array | undefined> {
  const { headers } = response;
  const size = headers.get("content-length");
  const fits = size !== null && Number(size) <= bytesMax && !headers.has("content-encoding");
  // Cheaper than pieces, and than to look at `body` at all.
  if (fits) return new Uint8Array(await response.arrayBuffer());

  const content = new Writer();
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    if (content.size + piece.length > bytesMax) return undefined; // Which cancels the rest.
    content.raw(piece);
  }
  return content.take();
}

export const upstream =
  (bucket: R2Bucket): Port =>
  async (ask, life) => {
    const answerBytesMax = ask.varint();
    const request = readRequest(ask);
    const exchange = new Exchange(request.timeoutMs, life);
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
