// A command to an actor: a Durable Object, called by its name.
import type { Port } from "./port.ts";

/** What others see of an actor. */
export interface TakesTurns extends Rpc.DurableObjectBranded {
  turn(name: string, command: Uint8Array): Uint8Array;
}

export type Actors = DurableObjectNamespace<TakesTurns>;

/** `namespaces`: by kind. */
export const actor =
  (namespaces: readonly Actors[]): Port =>
  async (ask) => {
    const namespace = namespaces[ask.varint()];
    if (!namespace) throw new RangeError("no such kind of actor");
    const name = ask.text();
    return await namespace.get(namespace.idFromName(name)).turn(name, ask.rest());
  };
