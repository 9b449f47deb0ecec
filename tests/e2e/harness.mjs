// Servers and programs as people start them: the built entries, each in a process group of its own, on a
// free port, with a data folder of its own. A test ends what it starts; what it leaves is ended with it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import Datagrid from "datagrid-ai";
import OpenAI from "openai";

export { sleep };
export const key = "eb-dev"; // Of the tenant "dev" …
export const otherKey = "eb-dev-2"; // … and of another one.

const root = fileURLToPath(new URL("../../", import.meta.url));
const ours = [
  "UPSTREAM_URL",
  "UPSTREAM_KEY",
  "UPSTREAMS",
  "EDGEBATCH_WINDOWS",
  "EDGEBATCH_KEYS",
  "DATAGRID_MODELS",
  "JOBS",
  "DATAGRID_REASKS",
  "RATE_LIMIT",
  "CONNECTIONS_MAX",
  "ANONYMOUS_TENANT",
  "INIT_CWD",
];

// ---- Processes

/** Of /proc: { pid, name, parent, group } of all that run; those that have ended and aren't collected don't. */
const processes = () =>
  readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [, name, state, parent, group] = /\((.*)\) (\S) (\d+) (\d+)/s.exec(stat);
        return state === "Z" ? [] : [{ pid, name, parent: Number(parent), group: Number(group) }];
      } catch {
        return []; // It has just ended.
      }
    });

/** The most memory that a process has held so far, in MiB. */
export function peakOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0; // It has ended.
  }
}

// ---- Nothing outlives the tests

const groups = new Set();
const folders = new Set();

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

process.on("exit", () => {
  for (const pid of groups) endGroup(pid, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** A new folder that is gone after the tests. */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "edgebatch-e2e-"));
  folders.add(folder);
  return folder;
}

// ---- Waiting

/** Looks again and again until `look` gives something; its last word if that takes too long. */
export async function until(what, look, ms = 30_000) {
  const start = performance.now();
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() - start > ms) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(25);
  }
}

// ---- Programs

/** One of build/local's programs, or of another folder of this checkout. */
export class Program {
  stdout = "";
  stderr = "";
  running = true;
  #name;
  #child;

  constructor(name, args = [], { env = {}, cwd = root, folder = "build/local" } = {}) {
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !ours.includes(name)),
    );
    this.#name = name;
    this.#child = spawn(process.execPath, [join(root, folder, `${name}.mjs`), ...args], {
      cwd,
      detached: true, // A process group, so that signals reach workerd too.
      env: { ...clean, PORT: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of ["stdout", "stderr"]) {
      this.#child[stream].setEncoding("utf8").on("data", (text) => (this[stream] += text));
    }
    groups.add(this.pid);
    this.ended = this.#end();
  }

  async #end() {
    const [code, signal] = await once(this.#child, "close");
    this.running = false;
    const alone = () => !processes().some(({ group }) => group === this.pid);
    await until(`all that ${this.#name} started has ended`, alone, 5_000);
    groups.delete(this.pid);
    return code ?? signal;
  }

  get pid() {
    return this.#child.pid;
  }

  /** The exit code, or the signal's name, once workerd has ended too; rejects if it doesn't. */
  ended;

  /** To the whole group. */
  signal(name) {
    endGroup(this.pid, name);
  }

  /** The process of its workerd, if there is one. */
  get workerd() {
    return processes().find(({ name, parent }) => name === "workerd" && parent === this.pid)?.pid;
  }
}

// ---- Servers

/** As fetch, for SDKs; and it counts. */
export function countingFetch() {
  const counting = (...request) => {
    counting.requests += 1;
    return fetch(...request);
  };
  counting.requests = 0;
  return counting;
}

class Server {
  #program;

  constructor(program, url, data) {
    this.#program = program;
    this.url = url;
    this.data = data;
  }

  /** The official SDK, as it comes. */
  client(apiKey = key, { mount = "/v1", ...options } = {}) {
    return new OpenAI({ apiKey, baseURL: this.url + mount, ...options });
  }

  /** The other vendor's, with options of its own. */
  datagrid({ mount = "/v1", ...options } = {}) {
    return new Datagrid({ apiKey: key, baseURL: `${this.url}${mount}`, ...options });
  }

  /** A request as it is, below the mount. */
  fetch(path, { key: apiKey = key, mount = "/v1", headers = {}, ...init } = {}) {
    const authorization = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
    const all = { ...authorization, ...headers };
    return fetch(`${this.url}${mount}${path}`, { ...init, headers: all });
  }

  /** What it has said. */
  get log() {
    return this.#program.stderr;
  }

  get workerd() {
    return this.#program.workerd;
  }

  /** Ctrl-C. */
  async stop() {
    if (this.#program.running) this.#program.signal("SIGINT");
    return this.#program.ended;
  }

  /** SIGKILL to the whole group: workerd dies too, between any two instructions. */
  async kill() {
    this.#program.signal("SIGKILL");
    return this.#program.ended;
  }
}

/** `upstream`: a provider's URL; without one, the sandbox answers. `program`, `folder`: another one that serves. */
export async function serve({
  data = newFolder(),
  upstream,
  env = {},
  program: name = "start",
  folder,
} = {}) {
  const where = upstream ? { UPSTREAM_URL: upstream } : {};
  const settings = { EDGEBATCH_DATA: data, ...where, ...env };
  const program = new Program(name, [], { env: settings, folder });
  const ready = /ready on (\S+)/;
  await until("edgebatch is ready", () => ready.test(program.stdout) || !program.running, 60_000);
  const [, url] = ready.exec(program.stdout) ?? [];
  if (!url) throw new Error(`edgebatch didn't start:\n${program.stdout}${program.stderr}`);
  return new Server(program, url, data);
}

/** A list of upstreams as UPSTREAMS takes it, wide enough that waiting items don't keep others waiting. */
export const upstreams = (...list) => ({
  UPSTREAMS: JSON.stringify(list.map((entry) => ({ concurrency: 64, ...entry }))),
});
