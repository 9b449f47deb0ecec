// What a validation and its worker say to each other. The worker begins with `start`, asks for
// each piece of an input that it isn't given as a Blob, and ends with a verdict or a failure.
import type { Progress } from "./types.ts";

export type ToWorker =
  | { kind: "start"; endpoint: string; blob: Blob | null; total: number | null }
  | { kind: "piece"; bytes: Uint8Array | null }; // Null: that was all.

export type FromWorker =
  | { kind: "more" }
  | { kind: "progress"; progress: Progress }
  | { kind: "verdict"; json: string }
  | { kind: "failure"; error: unknown };

/** A worker, as a host starts it. */
export interface Peer {
  post(message: ToWorker, transfer?: ArrayBuffer[]): void;
  /** Ends it, whatever it is doing. */
  close(): void;
}

export interface Host {
  /** Starts a worker. `fail` hears of what ends it out of turn. */
  launch(hear: (message: FromWorker) => void, fail: (error: unknown) => void): Peer;
  /** Whether a worker can be given any Blob. */
  sharesBlobs: boolean;
}
