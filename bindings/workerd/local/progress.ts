// How far a batch is: one line that is rewritten on a terminal, now and then a line elsewhere.

const plainEveryMs = 2_000;
const number = (value: number): string => value.toLocaleString("en-US");

export interface Standing {
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

export class Progress {
  readonly #start = performance.now();
  #doneAtStart: number | undefined;
  #line = "";
  #written = -Infinity;

  show(standing: Standing): void {
    const line = this.#lineOf(standing);
    const now = performance.now();
    if (line === this.#line) return;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`);
    else if (now - this.#written >= plainEveryMs) process.stderr.write(`${line}\n`);
    else return;
    this.#line = line;
    this.#written = now;
  }

  /** Leaves the line free for others. */
  end(): void {
    if (process.stderr.isTTY && this.#line) process.stderr.write("\r\x1b[2K");
  }

  #lineOf({ state, total, done, failed }: Standing): string {
    if (total === 0) return state;
    this.#doneAtStart ??= done;
    const seconds = (performance.now() - this.#start) / 1000;
    const rate = number(Math.round((done - this.#doneAtStart) / seconds));
    const share = Math.floor((100 * done) / total);
    const counts = `${number(done)}/${number(total)}  ${share} %`;
    return `${state}  ${counts}  ${rate}/s  errors: ${number(failed)}`;
  }
}
