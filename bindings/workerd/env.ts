// What wrangler.toml binds.
import { Writer } from "./frame.ts";
import type { Actors } from "./ports/actor.ts";

export interface Env {
  readonly TENANT: Actors;
  readonly BATCH: Actors;
  readonly RUNNER: Actors;
  readonly METER: Actors;
  readonly PACER: Actors;
  readonly OBJECTS: R2Bucket;
  readonly KEYS: KVNamespace;
}

/** Variables and secrets, whatever they are called: the core knows which ones it wants. */
export function configOf(env: Env): Uint8Array {
  const texts = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const out = new Writer();
  return out.list(texts, (text) => out.pair(text)).take();
}
