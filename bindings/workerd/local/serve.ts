// The worker on this machine: the same bundle and the same kinds of bindings as on the platform.
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { Miniflare, MiniflareCoreError } from "miniflare";

import { lockFolder } from "./folder_lock.ts";
import { leashed } from "./leash.ts";
import { Refusal, type Settings } from "./settings.ts";

export interface Server {
  readonly url: string; // Without a slash at its end.
  /** Ends workerd and lets go of the data folder. */
  stop(): Promise<void>;
}

const host = "127.0.0.1";
const worker = fileURLToPath(new URL("../worker/", import.meta.url)); // Beside build/local.
const actor = (className: string) => ({ className, useSQLite: true });

/** What wrangler.toml binds, too. */
export const bindings = {
  compatibilityDate: "2026-04-01",
  durableObjects: {
    TENANT: actor("Tenant"),
    BATCH: actor("Batch"),
    RUNNER: actor("Runner"),
    METER: actor("Meter"),
    PACER: actor("Pacer"),
  },
  r2Buckets: { OBJECTS: "edgebatch-objects" },
  kvNamespaces: { KEYS: "edgebatch-keys" },
};

/** Makes the listed keys, and only those, work; keys that were made elsewhere stay. */
async function seedKeys(miniflare: Miniflare, wanted: Settings["keys"]): Promise<void> {
  const store = await miniflare.getKVNamespace("KEYS");
  const metadata = { origin: "EDGEBATCH_KEYS" };
  const hashed = new Map(
    Array.from(wanted, ([key, tenant]) => {
      return [`key/${createHash("sha256").update(key).digest("hex")}`, tenant];
    }),
  );
  const { keys: stored } = await store.list({ prefix: "key/" });
  const gone = stored.filter(({ name, metadata: its }) => {
    return (its as typeof metadata | undefined)?.origin === metadata.origin && !hashed.has(name);
  });
  await Promise.all([
    ...gone.map(({ name }) => store.delete(name)),
    ...Array.from(hashed, ([name, tenant]) => store.put(name, tenant, { metadata })),
  ]);
}

// Addresses in workerd's own code; what is told by us; an alarm that was put off just before its time.
const noise = /^stack: |Address already in use|alarm handler canceled/;

/** Passes on what workerd says. Our stdout is for results. */
function relay(...outputs: readonly Readable[]): void {
  for (const output of outputs) {
    createInterface(output).on("line", (line) => {
      if (!noise.test(line)) console.error(line);
    });
  }
}

function explain(error: unknown, port: number): unknown {
  const inUse = error instanceof MiniflareCoreError && error.code === "ERR_ADDRESS_IN_USE";
  if (!inUse) return error;
  return new Refusal(`Port ${port} is in use. Set PORT to another, or to 0 for any that is free.`);
}

/** The core says whether it can work with its variables. */
async function checkHealth(url: URL): Promise<void> {
  const answer = await fetch(new URL("/healthz", url));
  const { error } = (await answer.json()) as { error?: { message: string } };
  if (error) throw new Refusal(error.message);
}

export async function serve({ port, data, keys, variables }: Settings): Promise<Server> {
  mkdirSync(data, { recursive: true });
  const folder = realpathSync(data);
  const unlock = lockFolder(folder);
  let miniflare: Miniflare | undefined;
  const stop = async (): Promise<void> => {
    await miniflare?.dispose();
    unlock();
  };
  try {
    const url = await leashed(() => {
      miniflare = new Miniflare({
        ...bindings,
        host,
        port,
        modulesRoot: worker,
        modules: [
          { type: "ESModule", path: join(worker, "worker.js") },
          { type: "CompiledWasm", path: join(worker, "edgebatch.wasm") },
        ],
        bindings: variables,
        durableObjectsPersist: join(folder, "do"),
        r2Persist: join(folder, "r2"),
        kvPersist: join(folder, "kv"),
        handleRuntimeStdio: relay,
        cf: false, // Nothing is fetched from the vendor.
        stripCfConnectingIp: false, // Else each request to a provider passes a worker of its own.
      });
      return miniflare.ready;
    });
    await checkHealth(url);
    if (miniflare) await seedKeys(miniflare, keys);
    return { url: url.origin, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw explain(error, port);
  }
}
