// A response that is written piece by piece while its operation runs.
import { Fault } from "../frame.ts";
import { pipe } from "../response.ts";
import { readSection } from "../section.ts";
import type { Port } from "./port.ts";

export interface Written {
  readonly port: Port;
  /** The response, once it is begun. */
  readonly begun: Promise<Response>;
  /** The operation has ended, and so has the body; or it breaks off, for that reason. */
  end(reason?: unknown): Promise<void>;
}

export const noResponse: Port = async () => Fault.lost;

const nothing = new Uint8Array();

export function written(bucket: R2Bucket): Written {
  let body: WritableStream<Uint8Array> | undefined; // Most operations answer at their end.
  let begin: (response: Response) => void;
  const begun = new Promise<Response>((resolve) => (begin = resolve));

  const write = async (bytes: Uint8Array): Promise<void> => {
    const writer = body?.getWriter();
    try {
      await writer?.write(bytes);
    } finally {
      writer?.releaseLock();
    }
  };

  const port: Port = async (ask) => {
    switch (ask.varint()) {
      case 0: {
        const { readable, writable } = new IdentityTransformStream();
        body = writable;
        const status = ask.varint();
        begin(new Response(readable, { status, headers: ask.list(() => ask.pair()) }));
        break;
      }
      case 1:
        await write(ask.bytes());
        break;
      case 2: {
        const sections = ask.list(() => readSection(ask));
        if (body) await pipe(sections, bucket, body);
        break;
      }
      default:
        await body?.abort(new Error("broken off"));
    }
    return nothing;
  };

  return {
    port,
    begun,
    async end(reason) {
      const ending = reason === undefined ? body?.close() : body?.abort(reason);
      await ending?.catch(() => {}); // It was broken off, or the client is gone.
    },
  };
}
