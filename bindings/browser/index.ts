// Validates the input of a batch before it is uploaded: in a worker, in bounded memory.
import { host } from "#host";

import type { FromWorker } from "./messages.ts";
import { streamed, written, type Source } from "./source.ts";
import type { Input, Options, Verdict } from "./types.ts";

export type { Input, InputError, Options, Progress, Verdict } from "./types.ts";

/** The verdict. Rejects only where there is none: an input that can't be read, an abort. */
export async function validate(input: Input, options: Options = {}): Promise<Verdict> {
  return JSON.parse(await validateToJson(input, options));
}

/** The verdict as JSON, byte for byte what every host of edgebatch says of this input. */
export async function validateToJson(input: Input, options: Options = {}): Promise<string> {
  const { endpoint = "", onProgress, signal } = options;
  signal?.throwIfAborted();
  const total = input instanceof Blob ? input.size : null;
  const blob = input instanceof Blob && host.sharesBlobs ? input : null;
  const source = blob ? null : sourceOf(input);

  return new Promise((resolve, reject) => {
    let ended = false;
    const close = () => {
      ended = true;
      peer.close();
      signal?.removeEventListener("abort", abort);
    };
    const fail = (error: unknown) => {
      if (ended) return;
      close();
      source?.cancel(error);
      reject(error);
    };
    const abort = () => fail(signal?.reason);
    const pass = async () => {
      const bytes = (await source?.next()) ?? null;
      if (!ended) peer.post({ kind: "piece", bytes }, bytes ? [bytes.buffer] : []);
    };
    const obey = (message: FromWorker) => {
      switch (message.kind) {
        case "more":
          return void pass().catch(fail);
        case "progress":
          return onProgress?.(message.progress);
        case "verdict":
          close();
          return resolve(message.json);
        case "failure":
          return fail(message.error);
      }
    };
    const hear = (message: FromWorker) => {
      try {
        if (!ended) obey(message);
      } catch (error) {
        fail(error); // Of onProgress.
      }
    };
    const peer = host.launch(hear, fail);
    signal?.addEventListener("abort", abort);
    peer.post({ kind: "start", endpoint, blob, total });
  });
}

function sourceOf(input: Input): Source {
  if (typeof input === "string") return written(input);
  if (input instanceof Blob) return streamed(input.stream());
  if (input instanceof ReadableStream) return streamed(input);
  throw new TypeError("validate takes a Blob, a ReadableStream or a string");
}
