// The few system calls that a reactor without files still links against.
import { textOf } from "./frame.ts";
import type { Memory } from "./memory.ts";

const badFile = 8;

export const wasi = (memory: Memory): WebAssembly.ModuleImports => ({
  fd_close: () => badFile,
  fd_seek: () => badFile,

  // What the core says before it aborts: a list of (pointer, size).
  fd_write(_file: number, list: number, count: number, written: number): number {
    let size = 0;
    let message = "";
    for (let at = list; at < list + 8 * count; at += 8) {
      const bytes = memory.view(memory.word(at), memory.word(at + 4));
      message += textOf(bytes);
      size += bytes.length;
    }
    if (message.trim()) console.error("core:", message.trim());
    memory.setWord(written, size);
    return 0;
  },

  proc_exit(code: number): never {
    throw new Error(`the core exited (${code})`);
  },
});
