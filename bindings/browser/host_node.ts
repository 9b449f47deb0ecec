// Node: a thread.
import { Worker } from "node:worker_threads";

import type { Host } from "./messages.ts";

export const host: Host = {
  launch(hear, fail) {
    const worker = new Worker(new URL("./node_worker.js", import.meta.url));
    worker.on("message", hear);
    worker.on("messageerror", fail);
    worker.on("error", fail);
    return {
      post: (message, transfer = []) => worker.postMessage(message, transfer),
      close: () => void worker.terminate(),
    };
  },
  sharesBlobs: false, // Those of files can't be.
};
