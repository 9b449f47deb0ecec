// The key store: KV. What it says may be a minute old.
import { Fault } from "../frame.ts";
import type { Port } from "./port.ts";

export const key =
  (keys: KVNamespace): Port =>
  async (ask) => {
    const value = await keys.get(ask.text(), "arrayBuffer");
    return value ? new Uint8Array(value) : Fault.absent;
  };
