// List prices of the platform beyond what a plan includes, as documented in November 2026
// (developers.cloudflare.com: r2/pricing, durable-objects/platform/pricing, kv/platform/pricing).
const per_million = {
  "object put": 4.5, // Class A, and so is list.
  "object list": 4.5,
  "object get": 0.36, // Class B, and so is head.
  "object head": 0.36,
  "object delete": 0,
  "key get": 0.5,
  "actor turn": 0.15, // A request to a Durable Object, and so is an alarm.
  alarm: 0.15,
  "row written": 1,
  "row read": 0.001,
};
const gb_second = 12.5 / 1e6;
const actor_gb = 0.128;

/** Dollars for what was counted, without waiting time. */
export const priceOf = (counts) =>
  Object.entries(per_million).reduce(
    (sum, [what, price]) => sum + ((counts[what] ?? 0) * price) / 1e6,
    0,
  );

/** Dollars for so many seconds of an actor that waits. */
export const waitingPrice = (seconds) => seconds * actor_gb * gb_second;
