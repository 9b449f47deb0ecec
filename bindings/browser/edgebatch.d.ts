// What Emscripten makes of validator.cpp, which says what these functions do.
export interface Validator {
  readonly HEAPU8: Uint8Array<ArrayBuffer>; // Another one whenever memory has grown.
  _eb_buffer(): number;
  _eb_buffer_bytes(): number;
  _eb_shown(): number;
  _eb_shown_bytes(): number;
  _eb_begin(size: number): number;
  _eb_feed(size: number): void;
  _eb_lines(): number;
  _eb_errors(): number;
  _eb_finish(): void;
}

/** Without `wasmBinary`, edgebatch.wasm is fetched from beside the script. */
export default function instantiate(options: { wasmBinary?: Uint8Array }): Promise<Validator>;
