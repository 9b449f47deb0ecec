// A command to an actor: a Durable Object, called by its name.
import type { Actor } from "../actor.ts";
import type { VolatileActor } from "../volatile_actor.ts";
import type { Port } from "./port.ts";

type Namespace = DurableObjectNamespace<Actor> | DurableObjectNamespace<VolatileActor>;

/** `namespaces`: by kind. */
export const actor =
  (namespaces: readonly Namespace[]): Port =>
  async (ask) => {
    const namespace = namespaces[ask.varint()];
    if (!namespace) throw new RangeError("no such kind of actor");
    const name = ask.text();
    return await namespace.get(namespace.idFromName(name)).turn(name, ask.rest());
  };
