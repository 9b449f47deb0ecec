// Drives one operation: carries out what it asks for, side by side, until it is done.
import type { Beginning, Core, Frame } from "./core.ts";
import { Fault, Reader, type Result, Writer } from "./frame.ts";
import { Life } from "./life.ts";
import { donePort, type Ports } from "./ports/ports.ts";

/** What the core wants to know at a beginning (handlers/ports/operation.hpp). */
const beginning = (input: Uint8Array): Uint8Array =>
  new Writer()
    .signed(Date.now())
    .bytes(crypto.getRandomValues(new Uint8Array(32)))
    .bytes(input)
    .take();

async function carryOut(frame: Frame, ports: Ports, life: Life): Promise<Result> {
  try {
    return (await ports[frame.port]?.(new Reader(frame.payload), life)) ?? Fault.lost;
  } catch (error) {
    if (!life.isOver) console.error(`port ${frame.port}:`, error);
    return Fault.lost;
  }
}

/**
 * Runs an operation to its end and gives its last frame. Rejects if its instance dies before. What
 * it still waits for at its end is abandoned.
 */
export async function run(
  core: Core,
  how: Beginning,
  input: Uint8Array,
  ports: Ports,
): Promise<Uint8Array> {
  const life = new Life();
  try {
    return await new Promise((resolve, reject) => {
      const handle = core.begin(how, beginning(input), reject);

      const drain = (): void => {
        for (let frame; (frame = core.nextEffect(handle)); ) {
          if (frame.port === donePort) {
            life.finish();
            core.drop(handle);
            return resolve(frame.payload);
          }
          answer(frame).catch(reject);
        }
      };
      const answer = async (frame: Frame): Promise<void> => {
        const result = await carryOut(frame, ports, life);
        if (life.isOver || !core.alive) return;
        life.heardAt = Date.now();
        if (typeof result === "number") core.resume(handle, frame.id, result);
        else core.resume(handle, frame.id, 0, result);
        drain();
      };
      drain();
    });
  } finally {
    life.finish();
  }
}
