// An actor in memory: nothing of it is stored, neither rows nor alarm. While its alarm is set, the
// platform keeps its object for a minute at least; whenever it lets go of it, the actor begins anew.
import { DurableObject } from "cloudflare:workers";

import type { Env } from "./env.ts";
import type { TakesTurns } from "./ports/actor.ts";
import { VolatileRows } from "./ports/volatile_rows.ts";
import { alarmCommand, takeTurn } from "./turn.ts";

export abstract class VolatileActor extends DurableObject<Env> implements TakesTurns {
  /** The number of handlers/ports/actor.hpp. */
  protected abstract readonly kind: number;

  #rows = new VolatileRows();
  #alarm: { readonly at: number; readonly timer: number } | undefined;

  /** A command, from an operation. A failed turn loses all rows, and throws. */
  turn(name: string, command: Uint8Array): Uint8Array {
    try {
      const { reply, wakeAt } = takeTurn(this.env, this.kind, name, command, this.#rows);
      this.#wake(name, wakeAt);
      return reply;
    } catch (error) {
      this.#rows = new VolatileRows(); // Rather none than half of a turn's.
      throw error;
    }
  }

  #wake(name: string, at: number | null): void {
    if (at === (this.#alarm?.at ?? null)) return;
    clearTimeout(this.#alarm?.timer ?? null);
    this.#alarm = undefined;
    if (at === null) return;
    const ring = (): void => {
      this.#alarm = undefined;
      try {
        this.turn(name, alarmCommand);
      } catch (error) {
        console.error("alarm:", error);
      }
    };
    this.#alarm = { at, timer: setTimeout(ring, Math.max(0, at - Date.now())) };
  }
}
