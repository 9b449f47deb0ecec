// The bindings, with each call counted that the platform bills.
import type { Env } from "../../bindings/workerd/env.ts";
import { textOf } from "../../bindings/workerd/frame.ts";
import { add, wrapped } from "./counts.ts";

function objects(bucket: R2Bucket): R2Bucket {
  const counting =
    <Args extends unknown[], Result>(kind: string, call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      add(`object ${kind}`);
      return call.apply(bucket, args);
    };
  return wrapped(bucket, {
    put: counting("put", bucket.put),
    get: counting("get", bucket.get),
    head: counting("head", bucket.head),
    list: counting("list", bucket.list),
    delete: counting("delete", bucket.delete),
  });
}

const keys = (store: KVNamespace): KVNamespace =>
  wrapped(store, {
    get(name: string, type: "arrayBuffer") {
      add("key get");
      return store.get(name, type);
    },
  });

/** A command begins with its name (handlers/ports/actor.hpp). */
const nameOf = (command: Uint8Array): string =>
  textOf(command.subarray(1, 1 + (command[0] ?? 0)));

interface Turning {
  turn(name: string, command: Uint8Array): unknown;
}

function actors(kind: string, namespace: DurableObjectNamespace): DurableObjectNamespace {
  return wrapped(namespace, {
    get(id: DurableObjectId) {
      const stub = namespace.get(id) as unknown as Turning;
      const turn = (name: string, command: Uint8Array): unknown => {
        add("actor turn");
        add(`turn ${kind}.${nameOf(command)}`);
        return stub.turn(name, command);
      };
      return { turn };
    },
  });
}

const isNamespace = (binding: unknown): binding is DurableObjectNamespace =>
  typeof binding === "object" && binding !== null && "idFromName" in binding;

const countedOnes = new WeakSet<object>();

export function countedEnv(env: Env): Env {
  const namespaces = Object.entries(env).flatMap(([name, binding]) =>
    isNamespace(binding) ? [[name, actors(name.toLowerCase(), binding)]] : [],
  );
  const counted = {
    ...env,
    OBJECTS: objects(env.OBJECTS),
    KEYS: keys(env.KEYS),
    ...(Object.fromEntries(namespaces) as Partial<Env>),
  };
  countedOnes.add(counted);
  return counted;
}

export const isCounted = (env: unknown): boolean =>
  typeof env === "object" && env !== null && countedOnes.has(env);
