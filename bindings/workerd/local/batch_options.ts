// npm run batch: what its arguments mean.
import { accessSync, constants } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";

import { Refusal } from "./settings.ts";

export const usage = `usage: npm run batch -- in.jsonl [-o out.jsonl] [--errors errors.jsonl]
                      [--endpoint /v1/…] [--window 24h] [--url http://… --key …]
       npm run batch -- --resume batch_… [--cancel] [-o out.jsonl]

  -o, --output   where result lines go: a file, else stdout
  --errors       where error lines go: by default beside the output, else stderr
  --endpoint     what the lines are for: by default the url of the first one
  --window       how long the batch may take, if the server allows more than 24h
  --url, --key   another server than the one of this folder, and a key of its
  --resume       go on waiting for a batch;  --cancel  end it first`;

export interface Options {
  readonly input: string | undefined; // Nothing: resume.
  readonly output: string | undefined; // Nothing: stdout.
  readonly errors: string | undefined; // Nothing: stderr.
  readonly endpoint: string | undefined;
  readonly window: string;
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly resume: string | undefined;
  readonly cancel: boolean;
}

const badUsage = (message: string): Refusal => new Refusal(`${message}\n\n${usage}`, 2);

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        output: { ...text, short: "o" },
        errors: text,
        endpoint: text,
        window: { ...text, default: "24h" },
        url: text,
        key: text,
        resume: text,
        cancel: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw badUsage((error as Error).message);
  }
}

function check(path: string | undefined, mode: number): void {
  try {
    if (path) accessSync(path, mode);
  } catch (error) {
    throw badUsage((error as Error).message);
  }
}

/** Paths are relative to where the person stands, which npm remembers in INIT_CWD. */
export function optionsOf(args: string[], env: NodeJS.ProcessEnv): Options {
  const { values, positionals } = parse(args);
  if (values.help) throw new Refusal(usage, 0);
  if (positionals.length + (values.resume ? 1 : 0) !== 1) {
    throw badUsage("one input file is wanted, or --resume and a batch");
  }
  if (values.cancel && !values.resume) throw badUsage("--cancel goes with --resume");

  const path = (text: string | undefined) => text && resolve(env["INIT_CWD"] ?? ".", text);
  const input = path(positionals[0]);
  const output = path(values.output);
  const errors = path(values.errors) ?? output?.replace(/(\.jsonl)?$/, ".errors.jsonl");
  check(input, constants.R_OK);
  for (const file of [output, errors]) check(file && dirname(file), constants.W_OK);
  if (input && [output, errors].includes(input)) throw badUsage("the input would be overwritten");
  const { endpoint, window, url, key, resume, cancel } = values;
  return { input, output, errors, endpoint, window, url, key, resume, cancel };
}
