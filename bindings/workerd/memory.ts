// The core's linear memory. It may move with every call into the core: what was handed out before is void then.

interface Owner {
  readonly memory: WebAssembly.Memory;
  eb_alloc(size: number): number;
}

export class Memory {
  readonly #owner: () => Owner;
  // Of the whole memory, as long as it is where it was: taking them costs more than what is done with them.
  #bytes = new Uint8Array();
  #words = new DataView(this.#bytes.buffer);

  constructor(owner: () => Owner) {
    this.#owner = owner;
  }

  /** Valid until the next call into the core. */
  view(at: number, size: number): Uint8Array {
    return this.#all().subarray(at, at + size);
  }

  /** Its own from now on. */
  copy(at: number, size: number): Uint8Array {
    return this.#all().slice(at, at + size);
  }

  word(at: number): number {
    this.#all();
    return this.#words.getUint32(at, true);
  }

  setWord(at: number, value: number): void {
    this.#all();
    this.#words.setUint32(at, value, true);
  }

  /** What the core hands out: its size (u32), then bytes; a copy that outlives the call. */
  copyBlock(at: number): Uint8Array {
    return this.copy(at + 4, this.word(at));
  }

  /** Copies the parts, one behind the other, into a new allocation; whoever gets it frees it. */
  place(parts: readonly Uint8Array[]): number {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const start = this.#owner().eb_alloc(size);
    const bytes = this.#all();
    let at = start;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return start;
  }

  /** A memory that has grown leaves its old buffer behind, of no length. */
  #all(): Uint8Array {
    if (this.#bytes.length === 0) {
      this.#bytes = new Uint8Array(this.#owner().memory.buffer);
      this.#words = new DataView(this.#bytes.buffer);
    }
    return this.#bytes;
  }
}

export const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
