// edgebatch's worker with counters around it: its bindings and its storage are wrapped, it itself is as it is.
// Requests that only look aren't counted. GET /counts gives what was, since the last time.
import type { Env } from "../../bindings/workerd/env.ts";
import gateway, * as real from "../../bindings/workerd/worker.ts";
import { countedEnv } from "./counted_env.ts";
import { alarmed, countedState } from "./counted_state.ts";
import { take } from "./counts.ts";

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/counts") return Response.json(take());
    return gateway.fetch(request, request.method === "GET" ? env : countedEnv(env), context);
  },
} satisfies ExportedHandler<Env>;

export class Tenant extends real.Tenant {
  constructor(state: DurableObjectState, env: Env) {
    super(state, countedEnv(env));
    this.ctx = countedState(state);
  }

  override alarm(): Promise<void> {
    return alarmed("tenant", () => super.alarm());
  }
}

export class Batch extends real.Batch {
  constructor(state: DurableObjectState, env: Env) {
    super(state, countedEnv(env));
    this.ctx = countedState(state);
  }

  override alarm(): Promise<void> {
    return alarmed("batch", () => super.alarm());
  }
}

export class Runner extends real.Runner {
  constructor(state: DurableObjectState, env: Env) {
    super(state, countedEnv(env));
    this.ctx = countedState(state);
  }

  override alarm(): Promise<void> {
    return alarmed("runner", () => super.alarm());
  }
}

// All other actors as they are.
export * from "../../bindings/workerd/worker.ts";
