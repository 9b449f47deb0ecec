// What a batch leaves behind: its result files, and a summary for the person at the terminal.
import { createWriteStream, existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";

import type OpenAI from "openai";

import type { Options } from "./batch_options.ts";

type Batch = OpenAI.Batches.Batch;

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

/** Writes both files, and counts why items failed. */
export async function fetchResults(client: OpenAI, batch: Batch, { output, errors }: Options) {
  const reasons = new Map<string, number>();
  const count = (line: string): void => {
    const reason = reasonOf(line);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  };
  for (const stale of [output, errors]) if (stale && existsSync(stale)) await writeFile(stale, "");
  if (batch.output_file_id) await fetchFile(client, batch.output_file_id, output, process.stdout);
  if (batch.error_file_id) {
    await fetchFile(client, batch.error_file_id, errors, process.stderr, count);
  }
  return reasons;
}

/** Tells how the batch ended. */
export function summarize(batch: Batch, reasons: Map<string, number>, options: Options): void {
  const input = options.input ? basename(options.input) : "input";
  for (const { line, message } of batch.errors?.data ?? []) {
    console.error(`${input}${line ? `:${line}` : ""}: ${message}`);
  }
  const { completed = 0, failed = 0, total = 0 } = batch.request_counts ?? {};
  const counts = `${total} items, ${completed} succeeded, ${failed} failed`;
  console.error(`${batch.id} ${batch.status}: ${counts}`);
  for (const [reason, times] of [...reasons].sort(([, a], [, b]) => b - a)) {
    console.error(`${String(times).padStart(8)}  ${reason}`);
  }
  if (batch.output_file_id && options.output) console.error(`results: ${options.output}`);
  if (batch.error_file_id && options.errors) console.error(`errors: ${options.errors}`);
}
