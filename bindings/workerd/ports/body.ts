// The body of a request, piece by piece, as the client sends it.
import { Fault, type Result } from "../frame.ts";
import type { Port } from "./port.ts";

const pieceBytesMax = 256 * 1024;

export interface Body {
  readonly port: Port;
  /** Reads on to the end: most clients take no answer before they have sent everything. */
  drain(): Promise<void>;
}

export const noBody: Port = async () => Fault.absent;

export function bodyOf({ body }: Request): Body {
  const reader = body?.getReader({ mode: "byob" });
  let spare: ArrayBuffer | undefined; // Of the last piece, which the core has copied.

  const next = async (): Promise<Result> => {
    if (!reader) return Fault.absent;
    const room = new Uint8Array(spare ?? new ArrayBuffer(pieceBytesMax));
    spare = undefined;
    try {
      const { value, done } = await reader.read(room);
      if (done) return Fault.absent;
      spare = value.buffer;
      return value;
    } catch {
      return Fault.lost; // The client is gone.
    }
  };

  return {
    port: next,
    async drain() {
      while ((await next()) instanceof Uint8Array);
    },
  };
}
