// A command to an actor: a Durable Object, called by its name.
import type { Actor } from "../actor.ts";
import type { Port } from "./port.ts";

/** `namespaces`: by kind. */
export const actor =
  (namespaces: readonly DurableObjectNamespace<Actor>[]): Port =>
  async (ask) => {
    const namespace = namespaces[ask.varint()];
    if (!namespace) throw new RangeError("no such kind of actor");
    const name = ask.text();
    return await namespace.get(namespace.idFromName(name)).turn(name, ask.rest());
  };
