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
  const { readable, writable } = new IdentityTransformStream();
  let begin: (response: Response) => void;
  const begun = new Promise<Response>((resolve) => (begin = resolve));

  const write = async (bytes: Uint8Array): Promise<void> => {
    const writer = writable.getWriter();
    try {
      await writer.write(bytes);
    } finally {
      writer.releaseLock();
    }
  };

  const port: Port = async (ask) => {
    switch (ask.varint()) {
      case 0: {
        const status = ask.varint();
        begin(new Response(readable, { status, headers: ask.list(() => ask.pair()) }));
        break;
      }
      case 1:
        await write(ask.bytes());
        break;
      case 2:
        await pipe(
          ask.list(() => readSection(ask)),
          bucket,
          writable,
        );
        break;
      default:
        await writable.abort(new Error("broken off"));
    }
    return nothing;
  };

  return {
    port,
    begun,
    async end(reason) {
      const ending = reason === undefined ? writable.close() : writable.abort(reason);
      await ending.catch(() => {}); // It was broken off, or the client is gone.
    },
  };
}
