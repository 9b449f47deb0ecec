// Inputs that a worker can't read by itself, in pieces of bounded size.

const piece_bytes_max = 1024 * 1024;

export interface Source {
  /** The next bytes, in a buffer of their own; null at the end. */
  next(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Nobody wants the rest. */
  cancel(reason: unknown): void;
}

export function streamed(stream: ReadableStream<Uint8Array>): Source {
  const reader = stream.getReader();
  let rest = new Uint8Array();
  return {
    async next() {
      while (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return null;
        if (!(value instanceof Uint8Array)) throw new TypeError("a stream of bytes is expected");
        rest = value as Uint8Array<ArrayBuffer>;
      }
      const piece = rest.slice(0, piece_bytes_max); // A copy: the chunk is its maker's.
      rest = rest.subarray(piece.length);
      return piece;
    },
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
  };
}

export function written(text: string): Source {
  let at = 0;
  return {
    async next() {
      if (at === text.length) return null;
      const units = text.slice(at, at + piece_bytes_max / 3); // At most three bytes each.
      const piece = new Uint8Array(units.length * 3);
      const whole = at + units.length === text.length || !/[\uD800-\uDBFF]$/.test(units);
      // Half a character at the end is left to the next piece.
      const { written } = new TextEncoder().encodeInto(whole ? units : units.slice(0, -1), piece);
      at += whole ? units.length : units.length - 1;
      return piece.subarray(0, written);
    },
    cancel: () => {},
  };
}
