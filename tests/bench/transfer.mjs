// Bytes to and from a server, as they come: nothing is held as a whole.
import { Agent, request } from "node:http";
import { pipeline } from "node:stream/promises";

const keepAlive = new Agent({ keepAlive: true });

function started(url, options) {
  const sent = request(url, options);
  const answered = new Promise((resolve, reject) => sent.on("response", resolve).on("error", reject));
  return { sent, answered };
}

async function finished(response) {
  let bytes = 0;
  const first = [];
  for await (const chunk of response) {
    if (bytes < 10_000) first.push(chunk);
    bytes += chunk.length;
  }
  const { statusCode: status, headers } = response;
  if (status < 300) return { bytes, headers, text: Buffer.concat(first).toString() };
  throw new Error(`${status}: ${Buffer.concat(first)}`);
}

/** Reads an answer to its end; gives { bytes, headers, text }, of the text only a beginning. */
export async function get(url, headers = {}) {
  const { sent, answered } = started(url, { agent: keepAlive, headers });
  sent.end();
  return finished(await answered);
}

/** Sends pieces of a known sum of lengths, in a connection of its own. */
export async function send(url, method, pieces, length, headers = {}) {
  const all = { ...headers, "content-length": length };
  const { sent, answered } = started(url, { agent: false, method, headers: all });
  const [response] = await Promise.all([answered, pipeline(pieces, sent)]);
  return finished(response);
}
