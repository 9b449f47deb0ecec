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
  valid: boolean;
  bytes: number;
  lines: number;
  items: number;
  /** Which urls the items ask for, and how many each. */
  urls: { url: string; items: number }[];
  /** Which models the items ask for, and how many each. */
  models: { model: string; items: number }[];
  estimated_input_tokens: number;
  /** How many errors there are: more than are listed, perhaps. */
  errors_count: number;
  /** The first of them, in the order of lines. */
  errors: LineError[];
}

export interface LineError {
  /** For programs: `duplicate_custom_id`. */
  code: string;
  /** What is wrong. */
  message: string;
  /** What would be right. */
  hint: string;
  /** The physical line, counted from 1; 0 for the input as a whole. */
  line: number;
  /** The character in the line (a Unicode code point), counted from 1. */
  column: number;
  /** The byte in the line, counted from 1. */
  byte_column: number;
  /** The byte in the input, counted from 0. */
  offset: number;
  /** The member of the line, as a JSON Pointer (RFC 6901). */
  pointer: string;
  /** The line's, if it has one. */
  custom_id: string | null;
  /** Of what may stand only once: the line where it stood first. */
  first_line: number | null;
}
