// The worker in a browser.
import type { ToWorker } from "./messages.ts";
import { server } from "./server.ts";

const serve = server((message) => self.postMessage(message));
self.onmessage = (event: MessageEvent<ToWorker>) => serve(event.data);
