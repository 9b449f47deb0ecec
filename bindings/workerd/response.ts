// The end of an operation → the response.
import { Reader } from "./frame.ts";
import { bodiesOf, lengthOf, readSection, type Section } from "./section.ts";

/** Pipes the sections through, one after the other. */
export async function pipe(
  sections: readonly Section[],
  bucket: R2Bucket,
  out: WritableStream<Uint8Array>,
): Promise<void> {
  for await (const body of bodiesOf(sections, bucket)) {
    await body.pipeTo(out, { preventClose: true, preventAbort: true });
  }
}

function bodyOf(sections: readonly Section[], bucket: R2Bucket): ReadableStream<Uint8Array> {
  const { readable, writable } = new FixedLengthStream(lengthOf(sections));
  pipe(sections, bucket, writable)
    .then(() => writable.close())
    .catch((error: unknown) => writable.abort(error).catch(() => {})); // Or the client is gone.
  return readable;
}

/** Reads an http::Response (core/http/message.hpp). */
export function responseOf(frame: Uint8Array, bucket: R2Bucket): Response {
  const reader = new Reader(frame);
  const status = reader.varint();
  const headers = reader.list(() => reader.pair());
  const isStored = reader.bool();
  if (!isStored) {
    const content = reader.bytes();
    return new Response(content.length > 0 ? content : null, { status, headers });
  }
  const sections = reader.list(() => readSection(reader));
  return new Response(bodyOf(sections, bucket), { status, headers });
}
