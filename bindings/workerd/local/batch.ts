// npm run batch -- in.jsonl -o out.jsonl: a file of prompts in, a file of answers out.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import OpenAI from "openai";

import { type Options, optionsOf } from "./batch_options.ts";
import { fetchResults, summarize } from "./batch_results.ts";
import { upload } from "./batch_upload.ts";
import { onSignal, program } from "./program.ts";
import { Progress } from "./progress.ts";
import type { Standing, Waiting } from "./progress_text.ts";
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

async function create(client: OpenAI, { url, key }: Connection, options: Options): Promise<Batch> {
  const { input = "", endpoint, window } = options;
  return client.batches.create({
    input_file_id: await upload(input, url, key),
    endpoint: (endpoint ?? (await endpointOf(input))) as Endpoint,
    completion_window: window as "24h",
  });
}

interface Look {
  readonly batch: Batch;
  readonly standing: Standing;
}

/** Members and headers that not every server has. */
function standingOf(batch: Batch, headers: Headers): Standing {
  const { completed = 0, failed = 0, total = 0 } = batch.request_counts ?? {};
  const runners = Number.parseInt(headers.get("x-edgebatch-runners") ?? "", 10);
  return {
    state: batch.status,
    total,
    done: completed + failed,
    failed,
    tokens: batch.usage?.total_tokens ?? 0,
    runners: Number.isNaN(runners) ? undefined : runners,
    waiting: (batch as { waiting?: Waiting | null }).waiting ?? undefined,
  };
}

/** The batch as it is now; undefined while the server doesn't answer. */
async function look(client: OpenAI, id: string): Promise<Look | undefined> {
  try {
    const { data, response } = await client.batches.retrieve(id).withResponse();
    return { batch: data, standing: standingOf(data, response.headers) };
  } catch (error) {
    const { APIConnectionError, InternalServerError } = OpenAI;
    const passing = error instanceof APIConnectionError || error instanceof InternalServerError;
    if (passing) return undefined;
    throw error;
  }
}

const nothing = { total: 0, done: 0, failed: 0, tokens: 0, runners: undefined, waiting: undefined };

async function waitForEnd(client: OpenAI, id: string): Promise<Batch> {
  const progress = new Progress();
  let last: Standing = { state: "unknown", ...nothing };
  try {
    for (;;) {
      const seen = await look(client, id);
      last = seen?.standing ?? { ...last, state: "no_answer" };
      progress.show(last);
      if (seen && ended.includes(seen.batch.status)) return seen.batch;
      await sleep(pollMs);
    }
  } finally {
    progress.end();
  }
}

// ---- The whole

interface Work {
  readonly options: Options;
  connection?: Connection;
  id?: string; // Of the batch.
}

/** Says how the work can be taken up again. */
function interrupt({ options, connection, id }: Work): never {
  console.error(id ? "" : "\nNo batch was made.");
  if (id && connection) {
    const server = options.url ? ` --url ${connection.url}` : "";
    const output = options.output ? ` -o ${options.output}` : "";
    const again = `npm run batch -- --resume ${id}${server}${output}`;
    const where = connection.own ? "when a server has its data again" : `at ${connection.url}`;
    console.error(`${id} goes on ${where}.`);
    console.error(`  wait for it: ${again}\n  cancel it:   ${again} --cancel`);
  }
  process.exit(interrupted);
}

/** Whether every item succeeded. */
async function work(doing: Work, connection: Connection): Promise<boolean> {
  const { options } = doing;
  const client = new OpenAI({ baseURL: `${connection.url}/v1`, apiKey: connection.key });
  const id = options.resume ?? (await create(client, connection, options)).id;
  doing.id = id;
  if (options.cancel) await client.batches.cancel(id);

  const batch = await waitForEnd(client, id);
  summarize(batch, await fetchResults(client, batch, options), options);
  return batch.status === "completed" && batch.request_counts?.failed === 0;
}

await program(async () => {
  const options = optionsOf(process.argv.slice(2), process.env);
  const doing: Work = { options };
  onSignal(() => interrupt(doing));

  const connection = await connect(options, settingsOf(process.env));
  doing.connection = connection;
  try {
    process.exitCode = (await work(doing, connection)) ? 0 : 1;
  } catch (error) {
    throw error instanceof OpenAI.APIError ? new Refusal(error.message) : error;
  } finally {
    await connection.stop();
  }
});
