// What crosses the border to the core: flat bytes, as core/text/wire.hpp writes and reads them.

/** Why an effect has no result (handlers/ports/effect.hpp). */
export const Fault = { lost: 1, absent: 2, late: 3, tooLarge: 4 } as const;

/** What a port hands back: the effect's result, or why there is none. */
export type Result = Uint8Array | (typeof Fault)[keyof typeof Fault];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

const shortSizeMax = 64; // Whose size is one byte.

/** Names and the like, without a call into the platform; undefined for any other text. */
function shortAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > shortSizeMax) return undefined;
  let text = "";
  for (const byte of bytes) {
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Reads values one after the other. What it hands out are views of the frame. */
export class Reader {
  readonly #frame: Uint8Array;
  #at = 0;

  constructor(frame: Uint8Array) {
    this.#frame = frame;
  }

  varint(): number {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = this.#frame[this.#at++];
      if (byte === undefined) throw new RangeError("a frame ended too early");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  signed(): number {
    const zigzag = this.varint();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  bool(): boolean {
    return this.varint() !== 0;
  }

  bytes(): Uint8Array {
    const size = this.varint();
    if (size > this.#frame.length - this.#at) throw new RangeError("a frame ended too early");
    return this.#frame.subarray(this.#at, (this.#at += size));
  }

  text(): string {
    const bytes = this.bytes();
    return shortAscii(bytes) ?? textOf(bytes);
  }

  pair(): [string, string] {
    return [this.text(), this.text()];
  }

  optional<T>(read: () => T): T | undefined {
    return this.bool() ? read() : undefined;
  }

  list<T>(read: () => T): T[] {
    const values: T[] = [];
    for (let left = this.varint(); left > 0; --left) values.push(read());
    return values;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.#frame.subarray(this.#at);
  }
}

/** Writes values one after the other; each call gives the writer back. */
export class Writer {
  #frame = new Uint8Array(256);
  #size = 0;

  varint(value: number): this {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.#byte((left % 128) + 128);
    return this.#byte(left);
  }

  signed(value: number): this {
    return this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bool(value: boolean): this {
    return this.varint(value ? 1 : 0);
  }

  bytes(value: Uint8Array): this {
    return this.varint(value.length).raw(value);
  }

  text(value: string): this {
    return this.#shortAscii(value) ? this : this.bytes(bytesOf(value));
  }

  pair([first, second]: readonly [string, string]): this {
    return this.text(first).text(second);
  }

  optional<T>(value: T | null | undefined, write: (value: T) => void): this {
    this.bool(value != null);
    if (value != null) write(value);
    return this;
  }

  list<T>(values: readonly T[], write: (value: T) => void): this {
    this.varint(values.length);
    values.forEach(write);
    return this;
  }

  /** Bytes without their size in front. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#frame.set(value, this.#size);
    this.#size += value.length;
    return this;
  }

  get size(): number {
    return this.#size;
  }

  take(): Uint8Array {
    return this.#frame.subarray(0, this.#size);
  }

  /** Names and the like, without a call into the platform; false, and nothing is written, for any other. */
  #shortAscii(value: string): boolean {
    const size = value.length;
    if (size > shortSizeMax) return false;
    this.#reserve(1 + size);
    const start = this.#size + 1;
    for (let at = 0; at < size; ++at) {
      const code = value.charCodeAt(at);
      if (code > 127) return false;
      this.#frame[start + at] = code;
    }
    this.#frame[this.#size] = size;
    this.#size += 1 + size;
    return true;
  }

  #byte(value: number): this {
    this.#reserve(1);
    this.#frame[this.#size++] = value;
    return this;
  }

  #reserve(size: number): void {
    const end = this.#size + size;
    if (end <= this.#frame.length) return;
    const larger = new Uint8Array(Math.max(end, 2 * this.#frame.length));
    larger.set(this.take());
    this.#frame = larger;
  }
}
