// Counts what the platform is asked for. One isolate runs them all, so one map does.
const counts = new Map<string, number>();

export const add = (what: string, times = 1): void => {
  counts.set(what, (counts.get(what) ?? 0) + times);
};

/** What was counted since the last call. */
export function take(): Record<string, number> {
  const taken = Object.fromEntries(counts);
  counts.clear();
  return taken;
}

/** `target` with some members of its own; methods still find the real `this`. */
export const wrapped = <T extends object>(target: T, own: { [K in keyof T]?: unknown }): T =>
  new Proxy(target, {
    get(_, name) {
      if (name in own) return own[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
