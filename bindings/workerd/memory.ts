// The core's linear memory. It may move with every call into the core, so views are taken anew.

interface Owner {
  readonly memory: WebAssembly.Memory;
  eb_alloc(size: number): number;
}

export class Memory {
  readonly #owner: () => Owner;

  constructor(owner: () => Owner) {
    this.#owner = owner;
  }

  /** Valid until the next call into the core. */
  view(at: number, size: number): Uint8Array {
    return new Uint8Array(this.#owner().memory.buffer, at, size);
  }

  word(at: number): number {
    return new DataView(this.#owner().memory.buffer).getUint32(at, true);
  }

  setWord(at: number, value: number): void {
    new DataView(this.#owner().memory.buffer).setUint32(at, value, true);
  }

  /** What the core hands out: its size (u32), then bytes; a copy that outlives the call. */
  copyBlock(at: number): Uint8Array {
    return this.view(at + 4, this.word(at)).slice();
  }

  /** Copies the parts, one behind the other, into a new allocation; whoever gets it frees it. */
  place(parts: readonly Uint8Array[]): number {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const start = this.#owner().eb_alloc(size);
    let at = start;
    for (const part of parts) {
      this.view(at, part.length).set(part);
      at += part.length;
    }
    return start;
  }
}

export const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
