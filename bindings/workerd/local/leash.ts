// Ends workerd with this process, however that ends: a kill -9 gives it no chance to do so itself.
import { type ChildProcess, spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";

/** Starts a shell that waits for the end of its input: that comes when this process is gone. */
function guard(pid: number): void {
  const script = 'cat >/dev/null; kill -9 "$0" 2>/dev/null';
  const guardian = spawn("/bin/sh", ["-c", script, String(pid)], {
    detached: true, // Out of the reach of signals to our process group.
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.on("error", () => {}); // No shell, no leash.
  guardian.unref();
  (guardian.stdin as Socket).unref();
}

/** Every workerd that `start` spawns goes on a leash. */
export async function leashed<T>(start: () => Promise<T>): Promise<T> {
  const seen = (message: unknown): void => {
    const child = (message as { process: ChildProcess }).process;
    void once(child, "spawn").then(() => {
      if (child.pid && /workerd[^/]*$/.test(child.spawnfile)) guard(child.pid);
    });
  };
  subscribe("child_process", seen);
  try {
    return await start();
  } finally {
    unsubscribe("child_process", seen);
  }
}
