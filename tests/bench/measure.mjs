// What the parts have in common: clocks, medians, and lines of the table.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

// ---- Of a process, from /proc

/** CPU seconds of a process so far, user and system, of all threads that live; in nanoseconds' steps. */
export const cpuOf = (pid) =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"))
    .reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e9, 0);

function memoryOf(pid, name) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)[1]) / 1024;
}

/** MiB that are resident now, and at most since `forgetPeak`. */
export const residentOf = (pid) => memoryOf(pid, "VmRSS");
export const peakOf = (pid) => memoryOf(pid, "VmHWM");
export const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5");

/** Runs `work`; gives { wall, cpu } in seconds, CPU that of the process `pid`. */
export async function timed(pid, work) {
  const [cpu, start] = [cpuOf(pid), performance.now()];
  await work();
  return { wall: (performance.now() - start) / 1000, cpu: cpuOf(pid) - cpu };
}

// ---- Repeats

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Works in turn, so that all meet what else the machine does; gives what each gave, by turn. Who goes first
 * changes from turn to turn.
 */
export async function inTurn(turns, ...works) {
  const results = [];
  for (let turn = 0; turn < turns; ++turn) {
    const given = [];
    for (let step = 0; step < works.length; ++step) {
      const which = (turn + step) % works.length;
      given[which] = await works[which]();
    }
    results.push(given);
  }
  return results;
}

/** The median over turns of first ÷ second (or another one), and of each. */
export function compare(results, figure, other = 1) {
  const pairs = results.map((given) => [figure(given[0]), figure(given[other])]);
  const of = (choose) => median(pairs.map(choose));
  return { ratio: of(([a, b]) => a / b), first: of(([a]) => a), second: of(([, b]) => b) };
}

// ---- Lines of the table

/**
 * A line: `budget` is { min } or { max }, in the unit of `value`; without one there is nothing to meet.
 * `detail`: what stands behind the value, in words; `counts`: the same for programs.
 */
export function line(what, value, unit, { budget = {}, detail = "", counts } = {}) {
  const { min = -Infinity, max = Infinity } = budget;
  const judged = "min" in budget || "max" in budget;
  const verdict = judged ? (value >= min && value <= max ? "met" : "over") : "";
  return { what, value, unit, budget, verdict, detail, counts };
}

export const count = (value) => Math.round(value).toLocaleString("en-US");
