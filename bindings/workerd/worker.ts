// The gateway, and the five kinds of actors.
import { Actor } from "./actor.ts";
import type { Env } from "./env.ts";
import { Writer } from "./frame.ts";
import { coreOfRequests, newCore } from "./instances.ts";
import { run } from "./operation.ts";
import { bodyOf } from "./ports/body.ts";
import { portsOf } from "./ports/ports.ts";
import { written } from "./ports/response.ts";
import { responseOf } from "./response.ts";
import { VolatileActor } from "./volatile_actor.ts";

/** An http::Request (core/http/message.hpp): all but the body. */
function encode(request: Request): Uint8Array {
  const target = request.url.slice(new URL(request.url).origin.length);
  const out = new Writer().text(request.method).text(target);
  return out.list([...request.headers], (header) => out.pair(header)).take();
}

export default {
  // If the core dies, this throws, and the platform answers that the server failed.
  async fetch(request, env, context) {
    const input = encode(request);
    const shared = coreOfRequests(env);
    const core = shared.wantsOwnInstance(input) ? newCore(env) : shared;
    const body = bodyOf(request, env.OBJECTS);
    const response = written(env.OBJECTS);
    const ports = portsOf(env, body.ports, response.port);
    const ended = run(core, "eb_request", input, ports).finally(body.drain);
    // It goes on to its end if the client goes away.
    context.waitUntil(ended.then(() => response.end(), response.end));
    return Promise.race([response.begun, ended.then((frame) => responseOf(frame, env.OBJECTS))]);
  },
} satisfies ExportedHandler<Env>;

export class Tenant extends Actor {
  protected readonly kind = 0;
}

export class Batch extends Actor {
  protected readonly kind = 1;
}

export class Runner extends Actor {
  protected readonly kind = 2;
}

export class Meter extends VolatileActor {
  protected readonly kind = 3;
}

export class Pacer extends VolatileActor {
  protected readonly kind = 4;
}
