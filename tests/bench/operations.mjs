// What a batch asks of the platform, counted: effects, actors' turns, objects, rows; and its list price. From
// the upload to the terminal state; what only looks at the batch isn't counted.
import { count, line } from "./measure.mjs";
import { priceOf, waitingPrice } from "./prices.mjs";
import { startProvider } from "./provider.mjs";
import { runBatch, startEdgebatch, uploadItems, using } from "./servers.mjs";

const priced_items = 100_000;
const platform_lanes = 5; // Of a runner there: so many connections may wait for headers.

const names = { 1: "body", 2: "put", 3: "get", 4: "erase", 5: "actor", 6: "key", 7: "ask", 8: "timer", 9: "response" };

const shown_count = 5; // All of them are in the table's file.

/** "3 of this, 2 of that", the most first. */
function breakdown(counts, prefix, name = (what) => what) {
  const all = Object.entries(counts)
    .filter(([what]) => what.startsWith(prefix))
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `${count(times)} ${name(what.slice(prefix.length))}`);
  const more = all.length > shown_count ? ["…"] : [];
  return [...all.slice(0, shown_count), ...more].join(", ");
}

async function counted(edgebatch, items) {
  const take = async () => (await fetch(`${edgebatch.url}/counts`)).json();
  await take();
  const file = await uploadItems(edgebatch, items);
  await runBatch(edgebatch, file);
  return take();
}

function linesOf(items, counts) {
  const name = `operations, ${count(items)} items`;
  const of = (what) => counts[what] ?? 0;
  const each = (times) => (times * 1_000) / items;
  const objects = ["put", "get", "head", "list", "delete"].reduce((sum, kind) => sum + of(`object ${kind}`), 0);
  const turns = of("actor turn") + of("alarm");
  const waited = of("ms in alarms of runner") / 1_000;
  const priced = priced_items / items;
  return [
    line(`${name}: effects an item`, of("effect") / items, "", {
      detail: breakdown(counts, "effect ", (port) => names[port] ?? `port ${port}`),
      counts,
    }),
    line(`${name}: actors' turns per 1,000`, each(turns), "", {
      detail: `${breakdown(counts, "turn ")}; ${of("alarm")} alarms`,
    }),
    line(`${name}: object operations per 1,000`, each(objects), "", {
      detail: breakdown(counts, "object "),
    }),
    line(`${name}: rows written per 1,000`, each(of("row written")), "", {
      detail: `${count(of("row written"))} written, ${count(of("row read"))} read`,
    }),
    line(`${name}: list price per 100,000`, priceOf(counts) * priced, "$", {
      budget: { max: 0.02 },
      detail: `and for waiting here $${(waitingPrice(waited) * priced).toFixed(4)}`,
    }),
  ];
}

export const operations = ({ items_counts }) =>
  using([startProvider], (provider) =>
    using([() => startEdgebatch(provider.url, { counted: true })], async (edgebatch) => {
      await counted(edgebatch, 10); // The tenant's first rows are no batch's.
      const lines = [];
      for (const items of items_counts) lines.push(...linesOf(items, await counted(edgebatch, items)));
      const waiting = waitingPrice(priced_items / platform_lanes);
      lines.push(
        line("operations: waiting, per 100,000 and second an answer takes", waiting, "$", {
          detail: `${platform_lanes} requests at a time in each runner`,
        }),
      );
      return lines;
    }),
  );
