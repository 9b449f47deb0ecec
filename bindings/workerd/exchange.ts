// A request to a model provider, and the time it may take.
import { type Piece, bodyOf, readPieces } from "./composed.ts";
import { Fault, type Reader, Writer } from "./frame.ts";
import type { Life, Limited } from "./life.ts";

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly wantedHeaders: readonly string[];
  readonly timeoutMs: number;
  readonly pieces: readonly Piece[];
}

/** What OpenUpstream writes (handlers/ports/effects.hpp), and AskUpstream behind its limit. */
export const readRequest = (ask: Reader): Request => ({
  method: ask.text(),
  url: ask.text(),
  headers: ask.list(() => ask.pair()),
  wantedHeaders: ask.list(() => ask.text()),
  timeoutMs: ask.varint(),
  pieces: readPieces(ask),
});

/** Status and wanted headers, as the core reads them. */
export function headOf({ status, headers }: Response, { wantedHeaders }: Request): Writer {
  const out = new Writer().varint(status);
  return out.list(wantedHeaders, (name) =>
    out.optional(headers.get(name), (value) => out.text(value)),
  );
}

/** From the first byte sent until it is ended. It breaks off when its time is over, or its operation. */
export class Exchange implements Limited {
  readonly endAt: number;
  readonly #stop = new AbortController();
  readonly #life: Life;
  #late = false;

  constructor(timeoutMs: number, life: Life) {
    this.endAt = Date.now() + timeoutMs;
    this.#life = life;
    life.begin(this);
  }

  /** Until the response's headers are there. */
  send({ method, url, headers, pieces }: Request, bucket: R2Bucket): Promise<Response> {
    const body = bodyOf(pieces, bucket);
    const { signal } = this.#stop;
    return fetch(url, { method, headers, body, redirect: "manual", signal });
  }

  /** Why it broke off. */
  get fault(): typeof Fault.late | typeof Fault.lost {
    return this.#late ? Fault.late : Fault.lost;
  }

  end(): void {
    this.#life.end(this);
  }

  /** Ends it before its answer does. */
  abandon(): void {
    this.end();
    this.stop(false);
  }

  stop(late: boolean): void {
    this.#late = late;
    this.#stop.abort();
  }
}
