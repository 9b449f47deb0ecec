// The instant provider: a raw workerd of its own, so that it is faster than whoever asks it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

import workerd from "workerd";

import { at } from "../../.toolchain/paths.mjs";
import { newFolder } from "../e2e/harness.mjs";

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .provider)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const provider :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-04-01",
);
`;

/** Starts it on a free port; gives { pid, port, url, largeUrl, stop }. The URLs end in /v1. */
export async function startProvider() {
  const folder = newFolder();
  writeFileSync(join(folder, "config.capnp"), config);
  copyFileSync(at("tests/bench/provider_worker.js"), join(folder, "worker.js"));

  const args = ["serve", join(folder, "config.capnp"), "--control-fd=3"];
  const child = spawn(workerd.default, args, { stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  const gone = once(child, "exit");
  const says = createInterface(child.stdio[3]);
  const [line] = await Promise.race([once(says, "line"), gone]);
  if (typeof line !== "string") throw new Error("the provider's workerd did not start");
  const { port } = JSON.parse(line);

  return {
    pid: child.pid,
    port,
    url: `http://127.0.0.1:${port}/v1`,
    largeUrl: `http://127.0.0.1:${port}/large/v1`,
    async stop() {
      kill();
      await gone;
      process.off("exit", kill);
    },
  };
}

/** One connection that asks `count` times, the next as soon as an answer is complete. */
async function ask(port, request, count) {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  let [answered, size, expected] = [0, 0, 0];
  const done = new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      expected ||= sizeOf(chunk); // They are all alike.
      for (size += chunk.length; size >= expected; size -= expected) {
        answered += 1;
        if (answered === count) return resolve();
        socket.write(request);
      }
    });
  });
  socket.write(request);
  await done;
  socket.destroy();
}

function sizeOf(answer) {
  const text = answer.toString("latin1");
  const head = text.indexOf("\r\n\r\n") + 4;
  return head + Number(/content-length: (\d+)/i.exec(text)[1]);
}

/** How many requests a second it answers if whoever asks does next to nothing. */
export async function ceiling({ port }, body, { count = 40_000, connections = 32 } = {}) {
  const request =
    "POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n" +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const each = count / connections;
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, () => ask(port, request, each)));
  return count / ((performance.now() - start) / 1000);
}
