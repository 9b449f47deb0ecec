// An upload of 200 MB in 50,000 lines, checked and stored, in turn with a bare streaming put of the same bytes.
import { compare, count, forgetPeak, inTurn, line, peakOf, residentOf, timed } from "./measure.mjs";
import { authorization, startBare, startEdgebatch, using } from "./servers.mjs";
import { send } from "./transfer.mjs";
import { item } from "../e2e/batches.mjs";

const lines_count = 50_000;
const line_bytes = 4_000; // With its line feed: 200 MB in all.
const piece_lines = 100; // 400 kB a write.
const turns = 3;

function lineOf(index) {
  const bare = item(`i${index}`, "").length + 1;
  return `${item(`i${index}`, "x".repeat(line_bytes - bare))}\n`;
}

/** Made before the clock starts, so that making them isn't measured. */
const pieces = () =>
  Array.from({ length: lines_count / piece_lines }, (_, piece) =>
    Buffer.from(
      Array.from({ length: piece_lines }, (_, index) => lineOf(piece * piece_lines + index)).join(""),
    ),
  );

const boundary = "a-boundary-of-the-bench";
const head = Buffer.from(
  `--${boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n` +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="in.jsonl"\r\n\r\n`,
);
const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
const form = { authorization, "content-type": `multipart/form-data; boundary=${boundary}` };

async function measure(pid, work) {
  const before = residentOf(pid);
  forgetPeak(pid);
  const { wall, cpu } = await timed(pid, work);
  return { wall, cpu, grown: peakOf(pid) - before };
}

export const upload = () =>
  using([() => startEdgebatch("http://127.0.0.1:9/v1"), startBare], async (edgebatch, bare) => {
    const content = pieces();
    const bytes = content.reduce((sum, { length }) => sum + length, 0);
    const ours = () =>
      measure(edgebatch.workerd, async () => {
        const all = [head, ...content, tail];
        const length = head.length + bytes + tail.length;
        const { text } = await send(`${edgebatch.url}/v1/files`, "POST", all, length, form);
        if (JSON.parse(text).bytes !== bytes) throw new Error(`not stored whole: ${text}`);
      });
    const put = () => measure(bare.workerd, () => send(`${bare.url}/put`, "PUT", content, bytes));
    const results = await inTurn(turns, ours, put);

    const wall = compare(results, (one) => one.wall);
    const cpu = compare(results, (one) => one.cpu);
    const most = (choose) => Math.max(...results.map((pair) => choose(pair).grown));
    const name = `upload, ${count(bytes / 1e6)} MB`;
    return [
      line(`${name}: time ÷ bare put`, wall.ratio, "×", {
        budget: { max: 1.3 },
        detail: `${wall.first.toFixed(2)} ÷ ${wall.second.toFixed(2)} s, ${turns} turns each`,
      }),
      line(`${name}: CPU`, cpu.first, "s", {
        budget: { max: 2 },
        detail: `of workerd, with the simulator of R2 in it; bare: ${cpu.second.toFixed(2)} s`,
      }),
      line(`${name}: CPU ÷ bare put`, cpu.ratio, "×"),
      line(`${name}: workerd grows by`, most(([ours]) => ours), "MiB", {
        budget: { max: 64 },
        detail: `the most of ${turns}, with the simulator of R2 in it; bare: ${count(most(([, put]) => put))} MiB`,
      }),
    ];
  });
