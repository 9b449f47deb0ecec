// The body of a request, piece by piece, as the client sends it; and what was read of it, as long
// as it may have to be stored.
import { Fault, type Reader, type Result } from "../frame.ts";
import { putObject } from "./object.ts";
import type { Port } from "./port.ts";

/** What an operation may ask of its request's body. */
export interface BodyPorts {
  readonly read: Port;
  readonly store: Port;
  readonly digest: Port;
}

export interface Body {
  readonly ports: BodyPorts;
  /** Reads on to the end: most clients take no answer before they have sent everything. */
  drain(): Promise<void>;
}

const absent: Port = async () => Fault.absent;
export const noBody: BodyPorts = { read: absent, store: absent, digest: absent };

const drainedBytes = 64 * 1024;

interface Keep {
  readonly from: number;
  readonly bytesMax: number;
}
const nothing: Keep = { from: Infinity, bytesMax: 0 };

/**
 * Bytes [start, end) of a stream, in one buffer into which they are read and out of which they are
 * stored: nothing copies them in between.
 */
class Kept {
  #buffer = new ArrayBuffer();
  #start = 0; // Of the buffer, in the stream …
  #size = 0; // … and how much of it is filled.

  get #end(): number {
    return this.#start + this.#size;
  }

  /** Drops all before an offset; room for so many more bytes. It will never keep more than `bytesMax`. */
  room(bytes: number, { from, bytesMax }: Keep): Uint8Array {
    const dropped = Math.min(from, this.#end) - this.#start;
    if (dropped === this.#size || this.#size + bytes > this.#buffer.byteLength) {
      this.#drop(dropped);
      const size = this.#size + bytes;
      // A body in one piece, as most are, needs no more than that.
      if (size > this.#buffer.byteLength) {
        this.#buffer = this.#buffer.transfer(this.#size === 0 ? size : Math.max(size, bytesMax));
      }
    }
    return new Uint8Array(this.#buffer, this.#size, bytes);
  }

  /** What was read into the room: its buffer is another one now. */
  take(read: Uint8Array): void {
    this.#buffer = read.buffer as ArrayBuffer;
    this.#size += read.length;
  }

  view(from: number, to: number): Uint8Array {
    if (from < this.#start || to > this.#end) throw new RangeError("bytes that aren't kept");
    return new Uint8Array(this.#buffer, from - this.#start, to - from);
  }

  #drop(bytes: number): void {
    new Uint8Array(this.#buffer).copyWithin(0, bytes, this.#size);
    this.#start += bytes;
    this.#size -= bytes;
  }
}

export function bodyOf({ body }: Request, bucket: R2Bucket): Body {
  const reader = body?.getReader({ mode: "byob" });
  const kept = new Kept();
  let digest: { stream: DigestStream; writer: WritableStreamDefaultWriter } | undefined;

  /** Nothing at the end. */
  const read = async (room: Uint8Array): Promise<Uint8Array | undefined> => {
    const { value, done } = (await reader?.read(room)) ?? { done: true };
    return done ? undefined : value;
  };

  return {
    ports: {
      async read(ask: Reader): Promise<Result> {
        const bytesMax = ask.varint();
        const keep = ask.optional(() => ({ from: ask.varint(), bytesMax: ask.varint() }));
        try {
          const piece = await read(kept.room(bytesMax, keep ?? nothing));
          if (piece) kept.take(piece);
          return piece ?? Fault.absent;
        } catch {
          return Fault.lost; // The client is gone.
        }
      },

      // Nothing else is read before it is stored: its bytes stay where they are.
      async store(ask: Reader): Promise<Result> {
        const key = ask.text();
        const bytes = kept.view(ask.varint(), ask.varint());
        if (!digest) {
          const stream = new crypto.DigestStream("SHA-256");
          digest = { stream, writer: stream.getWriter() };
        }
        const [stored] = await Promise.all([
          putObject(bucket, key, "", bytes),
          digest.writer.write(bytes),
        ]);
        return stored;
      },

      async digest(): Promise<Result> {
        if (!digest) return Fault.absent;
        await digest.writer.close();
        return new Uint8Array(await digest.stream.digest);
      },
    },

    async drain() {
      let room = new ArrayBuffer(drainedBytes);
      try {
        for (let piece; (piece = await read(new Uint8Array(room))); ) {
          room = piece.buffer as ArrayBuffer;
        }
      } catch {
        // The client is gone.
      }
    },
  };
}
