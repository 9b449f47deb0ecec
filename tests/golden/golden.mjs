// Golden transcripts: pages of prose with what is asked and what is answered. What differs from run to run has
// names: ids `{bpred_1}` by their first appearance, moments `{iso}` and `{unix}`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const folder = new URL("./", import.meta.url);
const kinds = ["provider", "request", "response", "until"];
// Those of an answer that are compared, in this order.
const headers = [
  "content-type",
  "content-range",
  "www-authenticate",
  "allow",
  "retry-after",
  "x-should-retry",
  "x-incomplete",
];

export const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));

/** `[{ kind, text, begin, end }]`: the fenced blocks of a page, and the lines they are in. */
export function blocksOf(page) {
  const lines = readFileSync(new URL(page, folder), "utf8").split("\n");
  const blocks = [];
  for (let at = 0; at < lines.length; at += 1) {
    const kind = kinds.find((name) => lines[at] === `\`\`\`${name}`);
    if (!kind) continue;
    const begin = at + 1;
    while (lines[at + 1] !== "```") at += 1;
    blocks.push({ kind, begin, end: at + 1, text: lines.slice(begin, at + 1).join("\n") });
    at += 1;
  }
  return blocks;
}

/** Writes what was answered into the page. */
export function rebase(page, blocks) {
  const url = new URL(page, folder);
  const lines = readFileSync(url, "utf8").split("\n");
  for (const { begin, end, text } of [...blocks].reverse()) {
    lines.splice(begin, end - begin, ...text.split("\n"));
  }
  writeFileSync(url, lines.join("\n"));
}

/** What has names in a page. */
export class Names {
  #names = new Map(); // Id → its name.
  #counts = new Map(); // By prefix.

  #nameOf(id, prefix) {
    if (!this.#names.has(id)) {
      const count = (this.#counts.get(prefix) ?? 0) + 1;
      this.#counts.set(prefix, count);
      this.#names.set(id, `{${prefix}${count}}`);
    }
    return this.#names.get(id);
  }

  /** Text of a run → as it stands in the page. */
  given(text) {
    return text
      .replace(/\b(batch_req_|batch_|bpred_|file[-_]|req_)[0-9a-f]{32}\b/g, (id, prefix) =>
        this.#nameOf(id, prefix),
      )
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "{iso}")
      .replace(/(_at":)\d+/g, "$1{unix}");
  }

  /** Text of the page → as it is in this run. */
  meant(text) {
    let out = text;
    for (const [id, name] of this.#names) out = out.replaceAll(name, id);
    return out;
  }
}

/** A request block taken apart: a line of method and target, headers, an empty line, the body. */
export function requestOf(text) {
  const [head, ...rest] = text.split("\n\n");
  const [first, ...headerLines] = head.split("\n");
  const [method, target] = first.split(" ");
  const fields = Object.fromEntries(headerLines.map((line) => line.split(": ")));
  const isForm = fields["content-type"]?.startsWith("multipart/");
  const body = rest.join("\n\n") + (isForm ? "\n" : "");
  return { method, target, headers: fields, body: isForm ? body.replaceAll("\n", "\r\n") : body };
}

/** An answer as a page has it. */
export function answerText({ status, header, body }) {
  const lines = headers.flatMap((name) => (header(name) ? [`${name}: ${header(name)}`] : []));
  return [status, ...lines, ...(body ? ["", body.replace(/\n$/, "")] : [])].join("\n");
}
