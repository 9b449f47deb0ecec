// A model provider's answers that are read while they come. Open ones belong to one operation.
import { Exchange, headOf, readRequest } from "../exchange.ts";
import { Fault, type Result, Writer } from "../frame.ts";
import type { Port } from "./port.ts";

export interface Answers {
  readonly open: Port;
  readonly read: Port;
  readonly close: Port;
}

const pieceBytesMax = 16 * 1024;

/** The body of one answer. What has come and wasn't asked for yet is kept. */
class Answer {
  readonly #exchange: Exchange;
  readonly #reader: ReadableStreamBYOBReader | undefined;
  #room: ArrayBufferLike = new ArrayBuffer(pieceBytesMax);
  #come = new Writer();
  #next: Promise<void> | undefined; // Under way.
  #end: Result | undefined; // Why nothing more will come.

  constructor(exchange: Exchange, body: ReadableStream<Uint8Array> | null) {
    this.#exchange = exchange;
    this.#reader = body?.getReader({ mode: "byob" });
  }

  /** As soon as there are `bytesMin`, or any after `withinMs`, or no more will come. */
  async read(bytesMin: number, withinMs: number): Promise<Result> {
    let due = false;
    const patience = new AbortController();
    const within = scheduler.wait(withinMs, { signal: patience.signal }).then(
      () => (due = true),
      () => {}, // There was enough before.
    );
    while (this.#end === undefined && this.#come.size < (due ? 1 : bytesMin)) {
      this.#next ??= this.#pull();
      await (due ? this.#next : Promise.race([this.#next, within]));
    }
    patience.abort();
    if (this.#come.size === 0 && this.#end !== undefined) return this.#end;
    const come = this.#come.take();
    this.#come = new Writer();
    return come;
  }

  abandon(): void {
    this.#exchange.abandon();
  }

  async #pull(): Promise<void> {
    try {
      const piece = await this.#reader?.read(new Uint8Array(this.#room));
      if (piece && !piece.done) {
        this.#come.raw(piece.value);
        this.#room = piece.value.buffer;
      } else {
        this.#end = Fault.absent;
      }
    } catch {
      this.#end = this.#exchange.fault;
    }
    if (this.#end !== undefined) this.#exchange.end();
    this.#next = undefined;
  }
}

export function answers(bucket: R2Bucket): Answers {
  const opened = new Map<number, Answer>();
  let last = 0;
  return {
    async open(ask, life) {
      const request = readRequest(ask);
      const exchange = new Exchange(request.timeoutMs, life);
      try {
        const response = await exchange.send(request, bucket);
        opened.set((last += 1), new Answer(exchange, response.body));
        return headOf(response, request).varint(last).take();
      } catch {
        exchange.end();
        return exchange.fault;
      }
    },
    async read(ask) {
      const handle = ask.varint();
      const result = await opened.get(handle)?.read(ask.varint(), ask.varint());
      if (!(result instanceof Uint8Array)) opened.delete(handle);
      return result ?? Fault.lost;
    },
    async close(ask) {
      const handle = ask.varint();
      opened.get(handle)?.abandon();
      opened.delete(handle);
      return new Uint8Array();
    },
  };
}
