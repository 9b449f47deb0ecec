import type { Port } from "./port.ts";

export const timer: Port = async (ask, over) => {
  await scheduler.wait(ask.varint(), { signal: over });
  return new Uint8Array();
};
