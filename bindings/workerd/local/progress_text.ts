// How far a batch is, in words: a line for a terminal, a line for a log. Nothing here looks at a clock.

export interface Waiting {
  readonly reason: string;
  readonly message: string;
  readonly until: number | null; // Unix seconds; null: nobody knows.
}

export interface Standing {
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly tokens: number;
  readonly runners: number | undefined; // The server doesn't say.
  readonly waiting: Waiting | undefined;
}

/** Items a second; undefined while unknown. */
export interface Rates {
  readonly lately: number | undefined;
  readonly overall: number | undefined;
}

const windowMs = 10_000;
const knownAfterMs = 1_000; // Of less time, chance makes the rate.

interface Sample {
  readonly at: number; // ms, of any clock that doesn't go back.
  readonly done: number;
}

/** How fast items get done. */
export class Pace {
  #first: Sample | undefined;
  #samples: Sample[] = []; // Of the window, and the last one before it.

  see(at: number, done: number): Rates {
    const now = { at, done };
    this.#first ??= now;
    this.#samples.push(now);
    while ((this.#samples[1]?.at ?? Infinity) <= at - windowMs) this.#samples.shift();
    return { lately: rateOf(this.#samples[0], now), overall: rateOf(this.#first, now) };
  }
}

function rateOf(from: Sample | undefined, to: Sample): number | undefined {
  if (!from || to.at - from.at < knownAfterMs) return undefined;
  return (1000 * (to.done - from.done)) / (to.at - from.at);
}

/** Seconds until the end; undefined while nobody can know. */
function secondsLeft({ total, done, waiting }: Standing, rates: Rates): number | undefined {
  const rate = rates.lately || rates.overall; // Counts may move in leaps.
  if (!rate || waiting || total === 0) return undefined;
  return Math.ceil((total - done) / rate);
}

const percentOf = ({ done, total }: Standing): number => Math.floor((100 * done) / total);
const count = (value: number): string => value.toLocaleString("en-US");

/** "12,345" up to there, then "12.3M". */
function short(value: number): string {
  if (value < 100_000) return count(value);
  const [scale, unit] = value < 1e6 ? [1e3, "k"] : value < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return `${(value / scale).toFixed(1)}${unit}`;
}

const perSecond = (rate: number): string =>
  rate > 0 && rate < 10 ? rate.toFixed(1) : count(Math.round(rate));

/** "45 s", "3 min 05 s", "2 h 10 min", "3 d 4 h". */
export function duration(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const [minutes, hours, days] = [60, 3_600, 86_400].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min ${two(seconds % 60)} s`;
  if (days === 0) return `${hours} h ${two(minutes % 60)} min`;
  return `${days} d ${hours % 24} h`;
}

/** What a server says goes to a terminal: no control characters, and one line. */
const harmless = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const columnsOf = (character: string): number =>
  wide.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1;

/** What fits into so many columns; an ellipsis stands for the rest. */
function fit(line: string, columns: number): string {
  let [fitting, used] = ["", 0];
  for (const character of line) {
    const rest = line.length - fitting.length - character.length;
    used += columnsOf(character);
    if (used > columns || (used === columns && rest > 0)) return columns > 0 ? `${fitting}…` : "";
    fitting += character;
  }
  return line;
}

function waitingText({ message, reason, until }: Waiting, nowMs: number): string {
  const seconds = until === null ? 0 : Math.ceil(until - nowMs / 1000);
  const time = seconds > 0 ? ` ${duration(seconds)}` : "";
  return harmless(`waits${time}: ${message || reason}`);
}

/** `columns`: how many the line may take; `nowMs`: Unix time. */
export function terminalLine(
  standing: Standing,
  rates: Rates,
  { columns, nowMs }: { columns: number; nowMs: number },
): string {
  const { state, total, done, failed, tokens, runners, waiting } = standing;
  const parts = [harmless(state).replaceAll("_", " ")];
  if (total > 0) {
    const left = secondsLeft(standing, rates);
    parts.push(
      `${count(done)}/${count(total)} (${percentOf(standing)} %)`,
      `${rates.lately === undefined ? "—" : perSecond(rates.lately)}/s`,
      `${count(failed)} ${failed === 1 ? "error" : "errors"}`,
      `${short(tokens)} tokens`,
      `${left === undefined ? "—" : duration(left)} left`,
    );
  }
  if (runners !== undefined) parts.push(`${count(runners)} ${runners === 1 ? "runner" : "runners"}`);
  // What holds it up matters more than how fast it was.
  if (waiting) parts.splice(2, 0, waitingText(waiting, nowMs));
  return fit(parts.join("  "), columns);
}

/** name=value, for programs as for people; names that have no value yet are left out. */
export function plainLine(standing: Standing, rates: Rates): string {
  const { state, total, done, failed, tokens, runners, waiting } = standing;
  const left = secondsLeft(standing, rates);
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ["state", harmless(state)],
    ...(total > 0
      ? ([
          ["done", `${done}/${total}`],
          ["percent", percentOf(standing)],
          ["rate", rates.lately === undefined ? undefined : `${rates.lately.toFixed(1)}/s`],
          ["errors", failed],
          ["tokens", tokens],
          ["left", left === undefined ? undefined : `${left}s`],
        ] as const)
      : []),
    ["runners", runners],
    ["waiting", waiting && harmless(waiting.reason)],
    ["until", waiting?.until == null ? undefined : new Date(1000 * waiting.until).toISOString()],
    ["message", waiting && JSON.stringify(harmless(waiting.message))],
  ];
  const known = values.filter(([, value]) => value !== undefined);
  return `progress ${known.map(([name, value]) => `${name}=${value}`).join(" ")}`;
}
