// An actor: rows that only its turns touch, an alarm that its rows decide, and the tasks that turns
// bring forth.
import { DurableObject } from "cloudflare:workers";

import type { Env } from "./env.ts";
import { newCore } from "./instances.ts";
import { run } from "./operation.ts";
import type { TakesTurns } from "./ports/actor.ts";
import { noBody } from "./ports/body.ts";
import { portsOf } from "./ports/ports.ts";
import { noResponse } from "./ports/response.ts";
import { StoredRows } from "./ports/stored_rows.ts";
import { type Turned, alarmCommand, takeTurn } from "./turn.ts";

/** An alarm that failed goes off again so much later. */
const retryMs = 60_000;

export abstract class Actor extends DurableObject<Env> implements TakesTurns {
  /** The number of handlers/ports/actor.hpp. */
  protected abstract readonly kind: number;

  // When the alarm is set to go off; null: never; undefined: not known, this object is new here.
  #wakeAt: number | null | undefined;

  /** A command, from an operation. A failed turn leaves everything as it was, and throws. */
  turn(name: string, command: Uint8Array): Uint8Array {
    const { reply, tasks } = this.#turn(name, command);
    for (const task of tasks) this.ctx.waitUntil(this.#run(task));
    return reply;
  }

  /** Lasts as long as its tasks: an alarm that a crash interrupts goes off again. */
  override async alarm(): Promise<void> {
    this.#wakeAt = null; // It has just gone off.
    const succeeded = await this.#ring();
    if (!succeeded) this.#wake(Math.min(this.#wakeAt ?? Infinity, Date.now() + retryMs));
  }

  async #ring(): Promise<boolean> {
    try {
      const { tasks } = this.#turn(this.ctx.storage.kv.get<string>("name") ?? "", alarmCommand);
      const ends = await Promise.all(tasks.map((task) => this.#run(task)));
      return !ends.includes(false);
    } catch (error) {
      console.error("alarm:", error);
      return false;
    }
  }

  // Nothing is awaited in here, so that rows and alarm are stored together or not at all.
  #turn(name: string, command: Uint8Array): Turned {
    const { storage } = this.ctx;
    const turned = storage.transactionSync(() => {
      const rows = new StoredRows(storage.sql, () => storage.kv.put("name", name));
      return takeTurn(this.env, this.kind, name, command, rows);
    });
    this.#wake(turned.wakeAt);
    return turned;
  }

  #wake(at: number | null): void {
    if (at === this.#wakeAt) return;
    this.#wakeAt = at;
    const { storage } = this.ctx;
    if (at === null) void storage.deleteAlarm();
    else void storage.setAlarm(Math.max(at, Date.now()));
  }

  /** Whether the task came to its end; its instance may die before. */
  async #run(task: Uint8Array): Promise<boolean> {
    try {
      await run(newCore(this.env), "eb_task", task, portsOf(this.env, noBody, noResponse));
      return true;
    } catch (error) {
      console.error("task:", error);
      return false;
    }
  }
}
