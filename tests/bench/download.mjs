// A result file of about 100 MB, in turn with a bare pipe of one object as large.
import { compare, count, inTurn, line, timed } from "./measure.mjs";
import { startProvider } from "./provider.mjs";
import { authorization, runBatch, startBare, startEdgebatch, uploadItems, using } from "./servers.mjs";
import { get, send } from "./transfer.mjs";

const items = 12_000; // Of 8.4 kB each.
const turns = 7;

export const download = () =>
  using([startProvider], (provider) =>
    using([() => startEdgebatch(provider.largeUrl), startBare], async (edgebatch, bare) => {
      const batch = await runBatch(edgebatch, await uploadItems(edgebatch, items));
      const url = `${edgebatch.url}/v1/files/${batch.output_file_id}/content`;
      const size = (await get(url, { authorization })).bytes;
      await send(`${bare.url}/put`, "PUT", [Buffer.alloc(size, "x")], size);

      const whole = async (bytes) => {
        if (bytes !== size) throw new Error(`${bytes} of ${size} bytes`);
      };
      const ours = () =>
        timed(edgebatch.workerd, async () => whole((await get(url, { authorization })).bytes));
      const pipe = () =>
        timed(bare.workerd, async () => whole((await get(`${bare.url}/pipe`)).bytes));
      const results = await inTurn(turns, ours, pipe);

      const rate = compare(results, ({ wall }) => size / 1e6 / wall);
      const cpu = compare(results, (one) => one.cpu);
      const name = `download, ${count(size / 1e6)} MB of results`;
      return [
        line(`${name}: rate ÷ bare pipe`, rate.ratio, "×", {
          budget: { min: 0.9 },
          detail: `${count(rate.first)} ÷ ${count(rate.second)} MB/s, ${turns} turns each`,
        }),
        line(`${name}: workerd's CPU`, cpu.first, "s", {
          detail: `bare: ${cpu.second.toFixed(2)} s`,
        }),
      ];
    }),
  );
