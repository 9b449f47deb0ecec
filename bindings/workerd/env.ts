// What wrangler.toml binds.
import type { Actor } from "./actor.ts";
import { Writer } from "./frame.ts";
import type { VolatileActor } from "./volatile_actor.ts";

export interface Env {
  readonly TENANT: DurableObjectNamespace<Actor>;
  readonly BATCH: DurableObjectNamespace<Actor>;
  readonly RUNNER: DurableObjectNamespace<Actor>;
  readonly METER: DurableObjectNamespace<VolatileActor>;
  readonly PACER: DurableObjectNamespace<VolatileActor>;
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
