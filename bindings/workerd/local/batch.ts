// npm run batch -- in.jsonl -o out.jsonl: a file of prompts in, a file of answers out.
import { createReadStream, createWriteStream, existsSync, openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import OpenAI from "openai";

import { type Options, optionsOf } from "./batch_options.ts";
import { onSignal, program } from "./program.ts";
import { Progress } from "./progress.ts";
import { serve } from "./serve.ts";
import { Refusal, type Settings, settingsOf } from "./settings.ts";

type Batch = OpenAI.Batches.Batch;
type Endpoint = OpenAI.Batches.BatchCreateParams["endpoint"];

const pollMs = 1_000;
const interrupted = 130;
const ended = ["completed", "failed", "expired", "cancelled"];

// ---- The server

interface Connection {
  readonly url: string;
  readonly key: string;
  readonly own: boolean; // It ends with us.
  stop(): Promise<void>;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
    return response.ok && (await response.text()).includes("edgebatch");
  } catch {
    return false;
  }
}

/** A server that runs, if there is one; else one of our own. */
async function connect(options: Options, settings: Settings): Promise<Connection> {
  const key = options.key ?? [...settings.keys.keys()][0] ?? "";
  const url = options.url?.replace(/\/$/, "") ?? `http://127.0.0.1:${settings.port}`;
  if (await answers(url)) return { url, key, own: false, stop: async () => {} };
  if (options.url) throw new Refusal(`${url} doesn't answer as edgebatch.`);
  return { key, own: true, ...(await serve({ ...settings, port: 0 })) };
}

// ---- The batch

/** What the first line is for; the server says what is wrong with a line that doesn't tell. */
async function endpointOf(input: string): Promise<string> {
  const source = createReadStream(input);
  for await (const line of createInterface(source)) {
    source.destroy();
    try {
      const { url } = JSON.parse(line) as { url?: unknown };
      if (typeof url === "string") return url;
    } catch {
      // Not JSON.
    }
    break;
  }
  return "/v1/chat/completions";
}

async function create(client: OpenAI, input: string, options: Options): Promise<Batch> {
  const content = await openAsBlob(input); // Read from the disk as it is sent.
  const file = await client.files.create({
    file: new File([content], basename(input)),
    purpose: "batch",
  });
  return client.batches.create({
    input_file_id: file.id,
    endpoint: (options.endpoint ?? (await endpointOf(input))) as Endpoint,
    completion_window: options.window as "24h",
  });
}

/** The batch as it is now; undefined while the server doesn't answer. */
async function look(client: OpenAI, id: string): Promise<Batch | undefined> {
  try {
    return await client.batches.retrieve(id);
  } catch (error) {
    const passes = error instanceof OpenAI.APIConnectionError || error instanceof OpenAI.InternalServerError;
    if (passes) return undefined;
    throw error;
  }
}

async function waitForEnd(client: OpenAI, id: string): Promise<Batch> {
  const progress = new Progress();
  try {
    for (;;) {
      const batch = await look(client, id);
      const { completed = 0, failed = 0, total = 0 } = batch?.request_counts ?? {};
      const state = batch?.status ?? "no answer";
      progress.show({ state, total, done: completed + failed, failed });
      if (batch && ended.includes(batch.status)) return batch;
      await sleep(pollMs);
    }
  } finally {
    progress.end();
  }
}

// ---- Its results

async function* linesSeen(body: AsyncIterable<Uint8Array>, see: (line: string) => void) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(see);
    yield piece;
  }
}

/** Streams a result file to `path`, or to `otherwise` if there is none. */
async function fetchFile(
  client: OpenAI,
  id: string,
  path: string | undefined,
  otherwise: NodeJS.WriteStream,
  see: (line: string) => void = () => {},
): Promise<void> {
  const { body } = await client.files.content(id);
  if (!body) return;
  const pieces = linesSeen(body as unknown as AsyncIterable<Uint8Array>, see);
  if (path) await pipeline(pieces, createWriteStream(path));
  else await pipeline(pieces, otherwise, { end: false });
}

interface ErrorLine {
  response?: { status_code: number; body?: { error?: { code?: string; type?: string } } } | null;
  error?: { code?: string } | null;
}

/** What went wrong with an item, in a few words. */
function reasonOf(line: string): string {
  const { response, error } = JSON.parse(line) as ErrorLine;
  if (!response) return error?.code ?? "unknown";
  const its = response.body?.error;
  return [response.status_code, its?.code ?? its?.type].filter(Boolean).join(" ");
}

async function fetchResults(client: OpenAI, batch: Batch, { output, errors }: Options) {
  const reasons = new Map<string, number>();
  const count = (line: string): void => {
    const reason = reasonOf(line);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  };
  for (const stale of [output, errors]) if (stale && existsSync(stale)) await writeFile(stale, "");
  if (batch.output_file_id) await fetchFile(client, batch.output_file_id, output, process.stdout);
  if (batch.error_file_id) await fetchFile(client, batch.error_file_id, errors, process.stderr, count);
  return reasons;
}

function summarize(batch: Batch, reasons: ReadonlyMap<string, number>, options: Options): void {
  const input = options.input ? basename(options.input) : "input";
  for (const { line, message } of batch.errors?.data ?? []) {
    console.error(`${input}${line ? `:${line}` : ""}: ${message}`);
  }
  const { completed = 0, failed = 0, total = 0 } = batch.request_counts ?? {};
  console.error(`${batch.id} ${batch.status}: ${total} items, ${completed} succeeded, ${failed} failed`);
  for (const [reason, times] of [...reasons].sort(([, a], [, b]) => b - a)) {
    console.error(`${String(times).padStart(8)}  ${reason}`);
  }
  if (batch.output_file_id && options.output) console.error(`results: ${options.output}`);
  if (batch.error_file_id && options.errors) console.error(`errors: ${options.errors}`);
}

// ---- All of it

function interrupt(id: string | undefined, options: Options, { url, own }: Connection): never {
  if (!id) {
    console.error("\nNo batch was made.");
    process.exit(interrupted);
  }
  const server = options.url ? ` --url ${url}` : "";
  const again = `npm run batch -- --resume ${id}${server}`;
  const output = options.output ? ` -o ${options.output}` : "";
  console.error(`
${id} ${own ? "goes on as soon as a server runs on this data folder again" : `goes on at ${url}`}.
  wait for it:  ${again}${output}
  cancel it:    ${again} --cancel${output}`);
  process.exit(interrupted);
}

async function work(options: Options, connection: Connection): Promise<boolean> {
  let id = options.resume;
  onSignal(() => interrupt(id, options, connection));

  const client = new OpenAI({ baseURL: `${connection.url}/v1`, apiKey: connection.key });
  if (options.input) ({ id } = await create(client, options.input, options));
  if (!id) return false;
  if (options.cancel) await client.batches.cancel(id);

  const batch = await waitForEnd(client, id);
  summarize(batch, await fetchResults(client, batch, options), options);
  return batch.status === "completed" && batch.request_counts?.failed === 0;
}

await program(async () => {
  const options = optionsOf(process.argv.slice(2), process.env);
  const connection = await connect(options, settingsOf(process.env));
  try {
    process.exitCode = (await work(options, connection)) ? 0 : 1;
  } catch (error) {
    throw error instanceof OpenAI.APIError ? new Refusal(error.message) : error;
  } finally {
    await connection.stop();
  }
});
