// A request body that is partly stored (http::Composed, core/http/composed.hpp): what is stored is
// encoded while it streams through, so that a file is never held as a whole.
import type { Reader } from "./frame.ts";
import { bodiesOf, readSection, type Section } from "./section.ts";

interface Embedded {
  readonly encoding: number;
  readonly sections: readonly Section[];
  readonly length: number; // Of what they are encoded as.
}

export type Piece = Uint8Array | Embedded;

export const readPieces = (reader: Reader): Piece[] =>
  reader.list((): Piece => {
    const isStored = reader.varint() === 1;
    if (!isStored) return reader.bytes();
    const encoding = reader.varint();
    const sections = reader.list(() => readSection(reader));
    return { encoding, sections, length: reader.varint() };
  });

type Encode = (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

const utf8 = new TextEncoder();

/** Groups of three bytes become four characters, whatever pieces they come in. */
async function* base64(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const piece of pieces) {
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.slice(whole);
    yield utf8.encode(bytes.subarray(0, whole).toBase64());
  }
  yield utf8.encode(rest.toBase64());
}

/** The inside of a string literal, as JSON.stringify writes it. */
async function* jsonText(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const literal = (text: string): Uint8Array => utf8.encode(JSON.stringify(text).slice(1, -1));
  for await (const piece of pieces) yield literal(decoder.decode(piece, { stream: true }));
  yield literal(decoder.decode());
}

const encodings: readonly Encode[] = [base64, jsonText];

async function* bytesOf({ sections }: Embedded, bucket: R2Bucket): AsyncGenerator<Uint8Array> {
  for await (const body of bodiesOf(sections, bucket)) yield* body;
}

async function* encoded(piece: Piece, bucket: R2Bucket): AsyncGenerator<Uint8Array> {
  if (piece instanceof Uint8Array) return yield piece;
  const encode = encodings[piece.encoding];
  if (!encode) throw new RangeError("no such encoding");
  yield* encode(bytesOf(piece, bucket));
}

async function write(
  pieces: readonly Piece[],
  bucket: R2Bucket,
  out: WritableStream<Uint8Array>,
): Promise<void> {
  const writer = out.getWriter();
  try {
    for (const piece of pieces) {
      for await (const bytes of encoded(piece, bucket)) await writer.write(bytes);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error);
  }
}

/** The body for a fetch; null where there is none. */
export function bodyOf(pieces: readonly Piece[], bucket: R2Bucket): BodyInit | null {
  const [first, second] = pieces;
  if (!first) return null;
  if (!second && first instanceof Uint8Array) return first.length > 0 ? first : null;

  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  const { readable, writable } = new FixedLengthStream(total);
  write(pieces, bucket, writable).catch(() => {}); // The request breaks off, or was never read.
  return readable;
}
