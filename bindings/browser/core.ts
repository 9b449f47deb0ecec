// The C++ core: one instance for each validation.
import instantiate, { type Validator } from "./edgebatch.js";

const secret_bytes = 16;

export class Core {
  readonly #core: Validator;

  private constructor(core: Validator) {
    this.#core = core;
  }

  /** `wasm`: edgebatch.wasm, where it can't be fetched. */
  static async load(wasm?: Uint8Array): Promise<Core> {
    return new Core(await instantiate(wasm ? { wasmBinary: wasm } : {}));
  }

  /** Once, before anything else. An endpoint that the core doesn't know is a RangeError. */
  begin(endpoint: string): void {
    const buffer = this.#buffer();
    crypto.getRandomValues(buffer.subarray(0, secret_bytes));
    const { written } = new TextEncoder().encodeInto(endpoint, buffer.subarray(secret_bytes));
    if (!this.#core._eb_begin(secret_bytes + written)) throw new RangeError(this.#shown());
  }

  /** The next bytes, as many as there are. */
  feed(bytes: Uint8Array): void {
    const most = this.#core._eb_buffer_bytes();
    for (let at = 0; at < bytes.length; at += most) {
      const piece = bytes.subarray(at, at + most);
      this.#buffer().set(piece);
      this.#core._eb_feed(piece.length);
    }
  }

  get lines(): number {
    return this.#core._eb_lines();
  }
  get errors(): number {
    return this.#core._eb_errors();
  }

  /** Once, at the end: the verdict, as JSON. */
  finish(): string {
    this.#core._eb_finish();
    return this.#shown();
  }

  #view(begin: number, size: number): Uint8Array<ArrayBuffer> {
    return this.#core.HEAPU8.subarray(begin, begin + size);
  }
  #buffer(): Uint8Array<ArrayBuffer> {
    return this.#view(this.#core._eb_buffer(), this.#core._eb_buffer_bytes());
  }
  #shown(): string {
    return new TextDecoder().decode(this.#view(this.#core._eb_shown(), this.#core._eb_shown_bytes()));
  }
}
