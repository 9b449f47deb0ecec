import type { Port } from "./port.ts";

export const timer: Port = async (ask, life) => {
  await scheduler.wait(ask.varint(), { signal: life.signal });
  return new Uint8Array();
};
