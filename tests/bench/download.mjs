// Result files of large and of usual answers, each in turn with a bare pipe of one object as large.
import { compare, count, inTurn, line, timed } from "./measure.mjs";
import { startProvider } from "./provider.mjs";
import { authorization, runBatch, startBare, startEdgebatch, uploadItems, using } from "./servers.mjs";
import { get, send } from "./transfer.mjs";

const turns = 9;

async function measure({ edgebatch, bare }, items, answers) {
  const batch = await runBatch(edgebatch, await uploadItems(edgebatch, items));
  const url = `${edgebatch.url}/v1/files/${batch.output_file_id}/content`;
  const size = (await get(url, { authorization })).bytes;
  await send(`${bare.url}/put`, "PUT", [Buffer.alloc(size, "x")], size);

  const whole = (bytes) => {
    if (bytes !== size) throw new Error(`${bytes} of ${size} bytes`);
  };
  const ours = () =>
    timed(edgebatch.workerd, async () => whole((await get(url, { authorization })).bytes));
  const pipe = () => timed(bare.workerd, async () => whole((await get(`${bare.url}/pipe`)).bytes));
  const results = await inTurn(turns, ours, pipe);

  const rate = compare(results, ({ wall }) => size / 1e6 / wall);
  const cpu = compare(results, (one) => one.cpu * 1_000);
  const name = `download, ${count(items)} ${answers}`;
  return [
    line(`${name}: rate ÷ bare pipe`, rate.ratio, "×", {
      budget: { min: 0.9 },
      detail: `${count(rate.first)} ÷ ${count(rate.second)} MB/s of ${count(size / 1e6)} MB, ${turns} turns each`,
    }),
    line(`${name}: workerd's CPU`, cpu.first, "ms", {
      detail: `bare: ${count(cpu.second)} ms`,
    }),
  ];
}

export const download = () =>
  using([startProvider, startBare], async (provider, bare) => {
    const shape = (url, items, answers) =>
      using([() => startEdgebatch(url)], (edgebatch) => measure({ edgebatch, bare }, items, answers));
    return [
      ...(await shape(provider.largeUrl, 12_000, "answers of 8 kB")),
      ...(await shape(provider.url, 20_000, "answers of 0.4 kB")),
    ];
  });
