/** What can be validated: a file (any Blob), a stream of bytes, or text. */
export type Input = Blob | ReadableStream<Uint8Array> | string;

export interface Options {
  /**
   * The endpoint that a batch is to be created for: `/v1/chat/completions`. Without it, each line's
   * url only has to be one that there is.
   */
  endpoint?: string | undefined;
  /** Called about ten times a second, and once at the end. What it throws ends the validation. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the validation: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** What was read so far. */
export interface Progress {
  bytes: number;
  /** All bytes that there are; absent for a stream. */
  total?: number;
  lines: number;
  errors: number;
}

/** What is to be known of an input before it is uploaded. */
export interface Verdict {
  object: "batch.input.verdict";
  valid: boolean;
  bytes: number;
  /** Physical lines, blank ones included. */
  lines: number;
  items: number;
  /** Which urls the lines have, in the order of first sight, and how many lines each. */
  urls: { url: string; items: number }[];
  /** The same of models. */
  models: { model: string; items: number }[];
  /** An order of magnitude: a token for every four bytes of input. */
  estimated_input_tokens: number;
  /** How many errors there are: more than are listed, perhaps. */
  errors_count: number;
  /** The first 1,000, in the order of lines. */
  errors: InputError[];
}

/** An error of a line; what is wrong with the input as a whole has no place: nulls. */
export interface InputError {
  /** For programs: `duplicate_custom_id`. */
  code: string;
  /** What is wrong. */
  message: string;
  /** What would be right. */
  hint: string;
  /** The physical line, counted from 1. */
  line: number | null;
  /** The character in the line (a Unicode code point), counted from 1. */
  column: number | null;
  /** The byte in the line, counted from 1. */
  byte_column: number | null;
  /** The byte in the input, counted from 0. */
  offset: number | null;
  /** The member of the line, as a JSON Pointer (RFC 6901). */
  pointer: string;
  /** Of what may stand only once: the line where it stood first. */
  first_line: number | null;
}
