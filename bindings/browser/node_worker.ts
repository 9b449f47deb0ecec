// The worker in Node, where fetch reads no files.
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";

import { server } from "./server.ts";

const wasm = () => readFile(new URL("./edgebatch.wasm", import.meta.url));
parentPort?.on("message", server((message) => parentPort?.postMessage(message), wasm));
