// Rows in memory: they are gone with the object that holds them.
import type { Row, Rows } from "./rows.ts";

interface Entry {
  readonly name: string;
  readonly row: Row;
}

/** Code units compare as the key's bytes do. */
const nameOf = (key: Uint8Array): string => String.fromCharCode(...key);

export class VolatileRows implements Rows {
  readonly #entries: Entry[] = []; // In order.

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#find(nameOf(key)).found?.row[1];
  }

  put(key: Uint8Array, value: Uint8Array): void {
    const name = nameOf(key);
    const { at, found } = this.#find(name);
    this.#entries.splice(at, found ? 1 : 0, { name, row: [key.slice(), value.slice()] });
  }

  erase(key: Uint8Array): void {
    const { at, found } = this.#find(nameOf(key));
    if (found) this.#entries.splice(at, 1);
  }

  scan(from: Uint8Array, to: Uint8Array, limit: number, descending: boolean): Row[] {
    const [begin, end] = [this.#find(nameOf(from)).at, this.#find(nameOf(to)).at];
    const entries = descending
      ? this.#entries.slice(Math.max(begin, end - limit), end).reverse()
      : this.#entries.slice(begin, Math.min(end, begin + limit));
    return entries.map(({ row }) => row);
  }

  /** The entry of that name, if there is one, and where it stands or would. */
  #find(name: string): { at: number; found: Entry | undefined } {
    let [at, end] = [0, this.#entries.length];
    while (at < end) {
      const middle = (at + end) >>> 1;
      const entry = this.#entries[middle];
      if (entry && entry.name < name) at = middle + 1;
      else end = middle;
    }
    const entry = this.#entries[at];
    return { at, found: entry?.name === name ? entry : undefined };
  }
}
