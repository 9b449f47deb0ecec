// Uploads a file as it is read from the disk: fetch would hold all of it in memory.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

import { Refusal } from "./settings.ts";

interface Answer {
  readonly id?: string;
  readonly error?: { readonly message: string };
}

const escapes: Readonly<Record<string, string>> = { '"': "%22", "\r": "%0D", "\n": "%0A" };

/** What stands before and behind the content in a form of a purpose and a file. */
function formAround(name: string, boundary: string): readonly [head: Buffer, tail: Buffer] {
  const field = `--${boundary}\r\nContent-Disposition: form-data; name=`;
  const filename = name.replace(/["\r\n]/g, (character) => escapes[character] ?? "");
  const type = "Content-Type: application/octet-stream";
  const head =
    `${field}"purpose"\r\n\r\nbatch\r\n` +
    `${field}"file"; filename="${filename}"\r\n${type}\r\n\r\n`;
  return [Buffer.from(head), Buffer.from(`\r\n--${boundary}--\r\n`)];
}

/** Gives the id of the new file. */
export async function upload(path: string, url: string, key: string): Promise<string> {
  const boundary = randomUUID();
  const [head, tail] = formAround(basename(path), boundary);
  const { size } = await stat(path);
  const start = url.startsWith("https:") ? secureRequest : plainRequest;
  const request = start(`${url}/v1/files`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": head.length + size + tail.length,
    },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve).on("error", reject);
  });
  const content = async function* () {
    yield head;
    yield* createReadStream(path);
    yield tail;
  };
  const [response] = await Promise.all([answered, pipeline(content, request)]);

  const answer = JSON.parse(await text(response)) as Answer;
  if (answer.id) return answer.id;
  throw new Refusal(`${response.statusCode} ${answer.error?.message ?? "the upload failed"}`);
}
