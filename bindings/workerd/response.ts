// The end of an operation → the response.
import { Reader } from "./frame.ts";

interface Section {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

/** Pipes the sections one after the other, each asked for when the one before has gone out. */
async function pipe(
  sections: readonly Section[],
  bucket: R2Bucket,
  out: WritableStream<Uint8Array>,
): Promise<void> {
  for (const { key, ...range } of sections.filter(({ length }) => length > 0)) {
    const object = await bucket.get(key, { range });
    if (!object) return out.abort(new Error(`no object ${key}`));
    await object.body.pipeTo(out, { preventClose: true });
  }
  await out.close();
}

function bodyOf(sections: readonly Section[], bucket: R2Bucket): ReadableStream<Uint8Array> {
  const total = sections.reduce((sum, { length }) => sum + length, 0);
  const { readable, writable } = new FixedLengthStream(total);
  pipe(sections, bucket, writable).catch(() => {}); // The client is gone, or sees it break off.
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
  const sections = reader.list((): Section => {
    return { key: reader.text(), offset: reader.varint(), length: reader.varint() };
  });
  return new Response(bodyOf(sections, bucket), { status, headers });
}
