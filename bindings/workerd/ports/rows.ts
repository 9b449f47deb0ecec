// The rows of one actor, ordered by key, byte by byte (handlers/ports/table.hpp). What is handed in
// are views that don't outlive the call.

export type Row = readonly [key: Uint8Array, value: Uint8Array];

export interface Rows {
  get(key: Uint8Array): Uint8Array | undefined;
  put(key: Uint8Array, value: Uint8Array): void;
  erase(key: Uint8Array): void;
  /** At most `limit` rows with from ≤ key < to, from the end that comes first. */
  scan(from: Uint8Array, to: Uint8Array, limit: number, descending: boolean): Row[];
}
