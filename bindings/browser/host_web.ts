// Pages and workers: a module worker. Bundlers recognize this form of its URL.
import type { Host } from "./messages.ts";

export const host: Host = {
  launch(hear, fail) {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = (event) => hear(event.data);
    worker.onmessageerror = () => fail(new Error("a message of the validator could not be read"));
    worker.onerror = (event) => {
      event.preventDefault(); // The promise reports it.
      fail(new Error(event.message || "the validator's worker could not be loaded"));
    };
    return {
      post: (message, transfer = []) => worker.postMessage(message, transfer),
      close: () => worker.terminate(),
    };
  },
  sharesBlobs: true,
};
