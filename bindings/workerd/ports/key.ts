// The key store: KV. What it says may be a minute old; what was found is kept for some seconds more, so
// that a client that asks again and again costs one look.
import { Fault } from "../frame.ts";
import type { Port } from "./port.ts";

const keepMs = 5_000;
const keptCountMax = 1_000;

interface Kept {
  readonly value: Uint8Array;
  readonly until: number;
}

const kept = new Map<string, Kept>();

function keep(name: string, value: Uint8Array): Uint8Array {
  if (kept.size >= keptCountMax) kept.clear();
  kept.set(name, { value, until: Date.now() + keepMs });
  return value;
}

export const key =
  (keys: KVNamespace): Port =>
  async (ask) => {
    const name = ask.text();
    const known = kept.get(name);
    if (known && Date.now() < known.until) return known.value;
    const value = await keys.get(name, "arrayBuffer");
    kept.delete(name);
    return value ? keep(name, new Uint8Array(value)) : Fault.absent;
  };
