// One instance of the core. Every call is synchronous; none is held across an await. Whatever a
// call throws ends the instance: its operations are rejected, and its memory goes with it.
import module from "./edgebatch.wasm";
import { Memory, word } from "./memory.ts";
import type { Rows } from "./ports/rows.ts";
import { wasi } from "./wasi.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  eb_alloc(size: number): number;
  eb_free(at: number): void;
  eb_configure(at: number, size: number): void;
  eb_own_instance(at: number, size: number): number;
  eb_request(at: number, size: number): number;
  eb_task(at: number, size: number): number;
  eb_effect(handle: number): number;
  eb_resume(handle: number, id: number, now: number, at: number, size: number): void;
  eb_drop(handle: number): void;
  eb_turn(at: number, size: number): number;
}

/** How an operation begins. */
export type Beginning = "eb_request" | "eb_task";

/** An effect to carry out; the payload is a copy, the port's to keep. */
export interface Frame {
  readonly id: number;
  readonly port: number;
  readonly payload: Uint8Array;
}

const none = new Uint8Array();

export class Core {
  readonly #wasm: Exports;
  readonly #memory = new Memory(() => this.#wasm);
  readonly #operations = new Map<number, (reason: unknown) => void>();
  #rows: Rows | undefined; // Of the turn that runs now.
  #death: { readonly reason: unknown } | undefined;

  constructor(config: Uint8Array) {
    const imports = { host: this.#host(), wasi_snapshot_preview1: wasi(this.#memory) };
    this.#wasm = new WebAssembly.Instance(module, imports).exports as unknown as Exports;
    this.#wasm._initialize();
    this.#pass(config, this.#wasm.eb_configure);
  }

  get alive(): boolean {
    return this.#death === undefined;
  }

  /** Whether a request (encoded) wants an instance of its own. */
  wantsOwnInstance(request: Uint8Array): boolean {
    return this.#guard(() => this.#pass(request, this.#wasm.eb_own_instance)) !== 0;
  }

  /** Begins an operation. `reject` is called if this instance dies before it is dropped. */
  begin(how: Beginning, input: Uint8Array, reject: (reason: unknown) => void): number {
    const handle = this.#guard(() => this.#pass(input, this.#wasm[how]));
    this.#operations.set(handle, reject);
    return handle;
  }

  nextEffect(handle: number): Frame | undefined {
    return this.#guard(() => {
      const at = this.#wasm.eb_effect(handle);
      if (at === 0) return undefined;
      const [id, port] = [this.#memory.word(at + 4), this.#memory.word(at + 8)];
      const payload = this.#memory.copy(at + 12, this.#memory.word(at) - 8);
      return { id, port, payload };
    });
  }

  resume(handle: number, id: number, fault: number, result: Uint8Array = none): void {
    this.#guard(() => {
      const at = this.#memory.place([Uint8Array.of(fault), result]);
      this.#wasm.eb_resume(handle, id, Date.now(), at, 1 + result.length);
      this.#wasm.eb_free(at);
    });
  }

  drop(handle: number): void {
    this.#operations.delete(handle);
    this.#guard(() => this.#wasm.eb_drop(handle));
  }

  /** One turn of an actor that owns `rows`. */
  turn(input: Uint8Array, rows: Rows): Uint8Array {
    return this.#guard(() => {
      this.#rows = rows;
      const output = this.#pass(input, this.#wasm.eb_turn);
      this.#rows = undefined;
      return this.#memory.copyBlock(output);
    });
  }

  #guard<T>(call: () => T): T {
    if (this.#death) throw this.#death.reason;
    try {
      return call();
    } catch (reason) {
      console.error("core:", reason);
      this.#death = { reason };
      for (const reject of this.#operations.values()) reject(reason);
      this.#operations.clear();
      throw reason;
    }
  }

  #pass<T>(bytes: Uint8Array, call: (at: number, size: number) => T): T {
    const at = this.#memory.place([bytes]);
    const result = call(at, bytes.length);
    this.#wasm.eb_free(at);
    return result;
  }

  // What a turn may ask for. The core frees what it gets.
  #host(): WebAssembly.ModuleImports {
    const memory = this.#memory;
    const rows = (): Rows => {
      if (!this.#rows) throw new Error("rows are there during a turn only");
      return this.#rows;
    };
    return {
      row_get(key: number, keySize: number): number {
        const value = rows().get(memory.view(key, keySize));
        return value ? memory.place([word(value.length), value]) : 0;
      },
      row_put(key: number, keySize: number, value: number, valueSize: number): void {
        rows().put(memory.view(key, keySize), memory.view(value, valueSize));
      },
      row_erase(key: number, keySize: number): void {
        rows().erase(memory.view(key, keySize));
      },
      row_scan(
        from: number,
        fromSize: number,
        to: number,
        toSize: number,
        limit: number,
        descending: number,
      ): number {
        const range = [memory.view(from, fromSize), memory.view(to, toSize)] as const;
        const found = rows().scan(...range, limit >>> 0, descending !== 0);
        return memory.place([
          word(found.length),
          ...found.flatMap(([key, value]) => [word(key.length), word(value.length), key, value]),
        ]);
      },
    };
  }
}
