// Getting one batch, in turn with an empty worker that calls an empty Durable Object.
import { compare, inTurn, line, timed } from "./measure.mjs";
import { startProvider } from "./provider.mjs";
import { authorization, runBatch, startBare, startEdgebatch, uploadItems, using } from "./servers.mjs";
import { get } from "./transfer.mjs";

const warm_up = 100;
const turns = 500;

export const lookup = () =>
  using([startProvider], (provider) =>
    using([() => startEdgebatch(provider.url), startBare], async (edgebatch, bare) => {
      const { id } = await runBatch(edgebatch, await uploadItems(edgebatch, 10));
      const url = `${edgebatch.url}/v1/batches/${id}`;
      const ours = () => timed(edgebatch.workerd, () => get(url, { authorization }));
      const hop = () => timed(bare.workerd, () => get(`${bare.url}/hop`));
      await inTurn(warm_up, ours, hop);
      const results = await inTurn(turns, ours, hop);

      const { ratio, first, second } = compare(results, ({ wall }) => wall * 1_000);
      const cpu = (index) => (results.reduce((sum, pair) => sum + pair[index].cpu, 0) * 1e6) / turns;
      return [
        line("get one batch: latency ÷ empty worker and one hop", ratio, "×", {
          budget: { max: 1.3 },
          detail: `${first.toFixed(2)} ÷ ${second.toFixed(2)} ms, medians of ${turns}`,
        }),
        line("get one batch: workerd's CPU", cpu(0), "µs", {
          detail: `empty worker and one hop: ${Math.round(cpu(1))} µs`,
        }),
      ];
    }),
  );
