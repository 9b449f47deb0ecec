// Shows how far a batch is: one line that is redrawn on a terminal, now and then a line elsewhere.
import { Pace, type Standing, plainLine, terminalLine } from "./progress_text.ts";

const plainEveryMs = 5_000;
const columnsOtherwise = 80;

export class Progress {
  readonly #out = process.stderr;
  readonly #pace = new Pace();
  #shown = ""; // The standing that was written last.
  #shownAt = -Infinity;

  show(standing: Standing): void {
    const now = performance.now();
    const rates = this.#pace.see(now, standing.done);
    if (this.#out.isTTY) {
      const columns = (this.#out.columns || columnsOtherwise) - 1; // The last one may wrap the line.
      const line = terminalLine(standing, rates, { columns, nowMs: Date.now() });
      this.#out.write(`\r\x1b[2K${line}`);
      return;
    }
    const shown = JSON.stringify(standing);
    if (shown === this.#shown || now - this.#shownAt < plainEveryMs) return;
    this.#out.write(`${plainLine(standing, rates)}\n`);
    this.#shown = shown;
    this.#shownAt = now;
  }

  /** Leaves the line free for others. */
  end(): void {
    if (this.#out.isTTY) this.#out.write("\r\x1b[2K");
  }
}
