// One turn of an actor (ports::TurnInput and TurnOutput, handlers/ports/actor.hpp).
import type { Env } from "./env.ts";
import { Reader, Writer } from "./frame.ts";
import { coreOfTurns } from "./instances.ts";
import type { Rows } from "./ports/rows.ts";

export interface Turned {
  readonly reply: Uint8Array;
  readonly wakeAt: number | null; // null: never.
  readonly tasks: Uint8Array[];
}

/** The alarm has gone off. */
export const alarmCommand = new Uint8Array();

/** Synchronous. If it throws, rows may be half written: whoever calls it takes that back. */
export function takeTurn(
  env: Env,
  kind: number,
  name: string,
  command: Uint8Array,
  rows: Rows,
): Turned {
  const input = new Writer().varint(kind).text(name).signed(Date.now()).bytes(command).take();
  const output = new Reader(coreOfTurns(env).turn(input, rows));
  return {
    reply: output.bytes().slice(),
    wakeAt: output.optional(() => output.signed()) ?? null,
    tasks: output.list(() => output.bytes()),
  };
}
