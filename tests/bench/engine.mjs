// The engine against an instant provider, from a batch's create to its terminal state (planning, storing and
// registering results included, the upload not), in turn with a bare fetch loop: the same requests with as
// many lanes, in the same runtime. The loop runs in the worker, and, as runners do, in a Durable Object, where
// each answer passes the object's gates.
import { compare, count, cpuOf, forgetPeak, inTurn, line, peakOf, timed } from "./measure.mjs";
import { ceiling, startProvider } from "./provider.mjs";
import { lanes, oneBody, runBatch, runLoop, startBare, startEdgebatch, uploadItems, using } from "./servers.mjs";

const turnsOf = (items) => (items >= 30_000 ? 2 : items >= 5_000 ? 3 : 5);

async function measure(items, { provider, edgebatch, bare }) {
  const file = await uploadItems(edgebatch, items);
  const share = async (pid, work) => {
    const before = cpuOf(provider.pid);
    forgetPeak(pid);
    const { wall, cpu } = await timed(pid, work);
    return { wall, cpu, peak: peakOf(pid), busy: (cpuOf(provider.pid) - before) / wall };
  };
  const engine = () =>
    share(edgebatch.workerd, () => runBatch(edgebatch, file));
  const loop = (path) => () =>
    share(bare.workerd, () => runLoop(bare, provider.url, items, path));
  return inTurn(turnsOf(items), engine, loop("loop"), loop("object-loop"));
}

const loops = [
  [1, "bare fetch loop"],
  [2, "the same in an object"],
];

function linesOf(items, results) {
  const name = `engine, ${count(items)} items`;
  const turns = `${results.length} turns each`;
  const rates = loops.map(([index, bare]) => {
    const { ratio, first, second } = compare(results, ({ wall }) => items / wall, index);
    return line(`${name}: rate ÷ ${bare}`, ratio, "×", {
      budget: { min: 0.7 },
      detail: `${count(first)} ÷ ${count(second)} items/s, ${lanes} lanes, ${turns}`,
    });
  });
  const cpus = loops.map(([index, bare]) => {
    const { ratio, first, second } = compare(results, ({ cpu }) => (cpu * 1e6) / items, index);
    return line(`${name}: CPU an item ÷ ${bare}`, ratio, "×", {
      budget: { max: 1.5 },
      detail: `${count(first)} ÷ ${count(second)} µs of workerd's CPU`,
    });
  });
  const peak = compare(results, (one) => one.peak);
  const busy = compare(results, (one) => one.busy * 100);
  return [
    ...rates,
    ...cpus,
    line(`${name}: peak memory of workerd`, peak.first, "MiB", {
      detail: `the bare loop's: ${count(peak.second)} MiB`,
    }),
    line(`${name}: the provider was busy`, busy.first, "%", {
      detail: `of one core; with the bare loop ${count(busy.second)} %`,
    }),
  ];
}

export const engine = ({ items_counts }) =>
  using([startProvider], async (provider) => {
    const rate = await ceiling(provider, oneBody);
    const servers = [() => startEdgebatch(provider.url), startBare];
    return using(servers, async (edgebatch, bare) => {
      // What is compiled and grown at first is not an item's.
      await runBatch(edgebatch, await uploadItems(edgebatch, 1_000));
      for (const path of ["loop", "object-loop"]) await runLoop(bare, provider.url, 1_000, path);

      const lines = [line("instant provider: its own ceiling", rate, "answers/s")];
      for (const items of items_counts) {
        lines.push(...linesOf(items, await measure(items, { provider, edgebatch, bare })));
      }
      return lines;
    });
  });
