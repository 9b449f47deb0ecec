// The life of an operation, and what of it is limited in time. One timer and one signal serve all
// that an operation has under way: a platform's are dear, and an operation may ask for thousands
// of things.

/** Something under way that has to end at a time, in ms since 1970, or with its operation. */
export interface Limited {
  readonly endAt: number;
  /** `late`: its time is over; else the operation is. */
  stop(late: boolean): void;
}

export class Life {
  /** When its operation last went on, in ms since 1970. */
  heardAt = Date.now();
  readonly #over = new AbortController();
  readonly #limited = new Set<Limited>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Infinity;

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  begin(limited: Limited): void {
    this.#limited.add(limited);
    if (limited.endAt < this.#timerAt) this.#wakeAt(limited.endAt);
  }
  /** It has ended by itself. The timer stays: it serves what comes next. */
  end(limited: Limited): void {
    this.#limited.delete(limited);
  }

  finish(): void {
    if (this.isOver) return;
    clearTimeout(this.#timer);
    this.#over.abort();
    for (const limited of this.#limited) limited.stop(false);
    this.#limited.clear();
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#sweep(), at - Date.now());
  }

  #sweep(): void {
    this.#timerAt = Infinity;
    const now = Date.now();
    let next = Infinity;
    for (const limited of this.#limited) {
      if (limited.endAt > now) {
        next = Math.min(next, limited.endAt);
        continue;
      }
      this.#limited.delete(limited);
      limited.stop(true);
    }
    if (next < this.#timerAt) this.#wakeAt(next);
  }
}
