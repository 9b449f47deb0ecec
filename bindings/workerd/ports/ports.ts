// The numbers of handlers/ports/effect.hpp.
import type { Env } from "../env.ts";
import { actor } from "./actor.ts";
import { answers } from "./answer.ts";
import type { BodyPorts } from "./body.ts";
import { key } from "./key.ts";
import { objectErase, objectGet, objectPut } from "./object.ts";
import type { Port } from "./port.ts";
import { enter } from "./room.ts";
import { timer } from "./timer.ts";
import { upstream } from "./upstream.ts";

export type Ports = Readonly<Record<number, Port>>;

/** The operation's end: carried out by whoever runs it. */
export const donePort = 0;

/** Of one operation. `body`: of the request; `response`: where it is written piece by piece. */
export function portsOf(env: Env, body: BodyPorts, response: Port): Ports {
  const { open, read, close } = answers(env.OBJECTS);
  return {
    1: body.read,
    2: objectPut(env.OBJECTS),
    3: objectGet(env.OBJECTS),
    4: objectErase(env.OBJECTS),
    5: actor([env.TENANT, env.BATCH, env.RUNNER, env.METER, env.PACER]),
    6: key(env.KEYS),
    7: upstream(env.OBJECTS),
    8: timer,
    9: response,
    10: open,
    11: read,
    12: close,
    13: body.store,
    14: body.digest,
    15: enter,
  };
}
