// What the programs of this folder have in common: how they end.
import { Refusal } from "./settings.ts";

/** Runs to the end; a refusal is told without a stack. */
export async function program(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    process.exit(error instanceof Refusal ? error.exitCode : 1);
  }
}

/**
 * `end` is called at Ctrl-C and SIGTERM; it ends the process, and workerd and the lock go with it.
 * Call this before a server is made: Miniflare has handlers of its own, with other exit codes.
 */
export function onSignal(end: () => never): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
}
