// Stretches of stored objects (http::Section, core/http/message.hpp), read one after the other.
import type { Reader } from "./frame.ts";

export interface Section {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

export const readSection = (reader: Reader): Section => {
  return { key: reader.text(), offset: reader.varint(), length: reader.varint() };
};

export const lengthOf = (sections: readonly Section[]): number =>
  sections.reduce((sum, { length }) => sum + length, 0);

/** The bodies of the sections that aren't empty, each asked for when the one before is used up. */
export async function* bodiesOf(
  sections: readonly Section[],
  bucket: R2Bucket,
): AsyncGenerator<ReadableStream<Uint8Array>> {
  for (const { key, ...range } of sections.filter(({ length }) => length > 0)) {
    const object = await bucket.get(key, { range });
    if (!object) throw new Error(`no object ${key}`);
    yield object.body as ReadableStream<Uint8Array>;
  }
}
