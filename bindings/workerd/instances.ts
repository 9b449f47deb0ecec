// Small requests share an instance of the core, turns another; whatever may grow has its own.
import { Core } from "./core.ts";
import { configOf, type Env } from "./env.ts";

export const newCore = (env: Env): Core => new Core(configOf(env));

/** Gives the same instance as long as it lives. */
function shared(): (env: Env) => Core {
  let core: Core | undefined;
  return (env) => (core?.alive ? core : (core = newCore(env)));
}

export const coreOfRequests = shared();
export const coreOfTurns = shared();
