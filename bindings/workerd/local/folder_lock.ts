// One server per data folder. The lock is a file that names its owner. It may outlive the owner, but
// doesn't count then.
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Refusal } from "./settings.ts";

interface Owner {
  readonly pid: number;
  readonly born: string; // Tells processes apart that had the same pid.
}

/** When a process was started, "" where that can't be known. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, ...fields] = stat.slice(stat.lastIndexOf(")")).split(" "); // Names hold anything.
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${fields[19]}`;
  } catch {
    return "";
  }
}

function lives({ pid, born }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return born === birthOf(pid);
}

function read(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function held(lock: string): () => void {
  const release = (): void => {
    process.off("exit", release);
    rmSync(lock, { force: true });
  };
  process.on("exit", release);
  return release;
}

/** Takes the folder, or refuses if another has it. Gives what lets it go; exiting does, too. */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, "lock");
  const mine = join(folder, `lock.${process.pid}`);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, born: birthOf(process.pid) }));
  try {
    for (;;) {
      try {
        linkSync(mine, lock); // Whole or not at all, and only one can.
        return held(lock);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const owner = read(lock);
      if (owner && lives(owner)) {
        throw new Refusal(
          `${folder} is in use by another server (process ${owner.pid}).\n` +
            "End that one, or set EDGEBATCH_DATA to another folder.",
        );
      }
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
