// A model provider: a real HTTP server that remembers every request. How it behaves towards an item, the
// item's prompt says: "<name> <behaviour> [argument]"; or, as the items of a Datagrid batch have one prompt,
// the first line of its text file. An argument of a behaviour that misbehaves is how often it does so before
// it answers well; without one it never does. Chat completions are streamed to those who ask for that, by the
// behaviours that answer well; the others answer as ever, as providers do that don't stream.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

/** Text that cuts lines in two or breaks readers, if it is passed on as it comes. */
export const awkward = 'a\u2028b\u2029c\u0085d\ud800e\udc00f\u0000\u007f\ud83d\ude00"\\';

/** The prompt of a batch whose items' text files say what to do. */
export const asTheFileSays = "Do as the file says.";

const usage = {
  prompt_tokens: 3,
  completion_tokens: 5,
  total_tokens: 8,
  prompt_tokens_details: { cached_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 1 },
};

/** An answer tells its request: its id is `answer-<number>`. Of a request for JSON, `said` is a member. */
const answer = ({ number, name, wantsJson }, said = `hello ${name}`) => ({
  id: `answer-${number}`,
  object: "chat.completion",
  created: 1_700_000_000,
  model: "as-it-calls-itself",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: wantsJson ? JSON.stringify({ said, number }) : said },
      finish_reason: "stop",
    },
  ],
  usage,
});

/** An answer whose first choice is otherwise. */
function odd(request, response, message, finish_reason = "stop") {
  const body = answer(request);
  Object.assign(body.choices[0], { message: { role: "assistant", ...message }, finish_reason });
  return reply(request, response, body);
}

function send(response, status, body, headers = {}) {
  const type = { "content-type": "application/json" };
  response.writeHead(status, { ...type, "x-request-id": `request-${status}`, ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** An answer of one choice as its chunks: a text comes in parts, and those don't mind characters. */
function* chunksOf({ usage, choices: [choice], ...own }, wantsUsage) {
  const { message, finish_reason, ...other } = choice;
  const chunk = (choices, more) => ({ ...own, object: "chat.completion.chunk", choices, ...more });
  const delta = (members, finish_reason = null) =>
    chunk([{ ...other, delta: members, finish_reason }]);
  const { content, refusal, ...rest } = message;
  yield delta({ ...rest, content: content === null ? null : "", refusal: null });
  for (const [name, text] of Object.entries({ content, refusal })) {
    const size = Math.max(5, Math.ceil((text ?? "").length / 1_000));
    for (let at = 0; at < (text ?? "").length; at += size)
      yield delta({ [name]: text.slice(at, at + size) });
  }
  yield delta({}, finish_reason);
  if (wantsUsage) yield chunk([], { usage });
}

const event = (data) => `data: ${JSON.stringify(data)}\n\n`;

/** `before(number)` is asked before each event but the first; what it gives ends the stream in its place. */
async function stream(request, response, body, before = async () => undefined) {
  const type = { "content-type": "text/event-stream; charset=utf-8" };
  response.writeHead(200, { ...type, "x-request-id": "request-200" });
  response.write(": keep-alive\n\n");
  let number = 0;
  for (const chunk of chunksOf(body, request.wantsUsage)) {
    const end = number > 0 ? await before(number) : undefined;
    if (response.destroyed) return; // The client is gone.
    if (end) return end(response);
    response.write(event(chunk));
    number += 1;
  }
  response.end("data: [DONE]\n\n");
}

/** A good answer, in the way it was asked for. */
const reply = (request, response, body) =>
  request.streamed ? stream(request, response, body) : send(response, 200, body);

const refusal = (message, code) => ({
  error: { message, type: "invalid_request_error", param: null, code },
});

const well = (request, response) => reply(request, response, answer(request));

/** A stream that ends like this after a few events; else what comes closest. */
const streamEnding = (end, unstreamed) => (request, response, provider) =>
  request.streamed
    ? stream(request, response, answer(request), async (number) => (number > 2 ? end : undefined))
    : unstreamed(request, response, provider);

/** So many times, then well. */
const atFirst = (misbehave) => (request, response, provider) => {
  const again = request.attempt > Number(request.argument ?? Infinity);
  return (again ? well : misbehave)(request, response, provider);
};

const behaviours = {
  well,
  status(request, response) {
    send(response, Number(request.argument), refusal(`no, ${request.name}`, "not_today"));
  },
  page(request, response) {
    send(response, Number(request.argument), "<html>Bad Gateway\u2028</html>", {
      "content-type": "text/html",
    });
  },
  /** What a captive portal says: 200, and not JSON. */
  portal: atFirst((_, response) =>
    send(response, 200, "<!doctype html><title>Welcome</title>", { "content-type": "text/html" }),
  ),
  /** 429 once; the argument is for how many seconds. */
  limit(request, response) {
    if (request.attempt > 1) return well(request, response);
    send(response, 429, refusal("slow down", "rate_limit"), { "retry-after": request.argument });
  },
  /** The same, said as a date. */
  limitUntil(request, response) {
    if (request.attempt > 1) return well(request, response);
    const until = new Date(Date.now() + 1_000 * Number(request.argument)).toUTCString();
    send(response, 429, refusal("slow down", "rate_limit"), { "retry-after": until });
  },
  fail: atFirst((_, response) => send(response, 500, refusal("oh", "server_error"))),
  busy: atFirst((_, response) => send(response, 503, refusal("busy", "overloaded"))),
  hangUp: atFirst((_, response) => response.destroy()),
  async breakOff(request, response) {
    if (request.attempt > Number(request.argument ?? Infinity)) return well(request, response);
    const body = JSON.stringify(answer(request));
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.write(body.slice(0, 40));
    await sleep(50);
    response.destroy();
  },
  garble: atFirst((_, response) => send(response, 200, '{"id":"answer-0","choices":[')),
  async slow(request, response) {
    await sleep(Number(request.argument));
    well(request, response);
  },
  /** An answer of about so many bytes. */
  large(request, response) {
    return reply(request, response, answer(request, "x".repeat(Number(request.argument))));
  },
  /** So many bytes, as fast as they are taken and none of them kept; how many went out is added to `flooded`. */
  async flood(request, response, provider) {
    const piece = Buffer.alloc(256 * 1024, "x");
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"id":"');
    for (let left = Number(request.argument); left > 0 && !response.destroyed; left -= piece.length) {
      provider.flooded += piece.length;
      await new Promise((taken) => response.write(piece, taken));
    }
    response.end('"}');
  },
  /** A few bytes at a time, with so many ms in between. */
  async trickle(request, response) {
    const body = JSON.stringify(answer(request));
    response.writeHead(200, { "content-type": "application/json" });
    for (let at = 0; at < body.length && !response.destroyed; at += 16) {
      response.write(body.slice(at, at + 16));
      await sleep(Number(request.argument));
    }
    response.end();
  },
  /** Members that come twice, in the answer and further in. */
  twins(request, response) {
    const text = JSON.stringify(answer(request));
    const [message] = /"message":\{/.exec(text);
    send(response, 200, `{"id":"first",${text.slice(1).replace(message, `${message}"role":"first",`)}`);
  },
  /** Compressed, if the client takes that. */
  zip(request, response) {
    const accepted = /gzip/.test(request.headers["accept-encoding"] ?? "");
    if (!accepted) return well(request, response);
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(gzipSync(JSON.stringify(answer(request))));
  },
  redirect(request, response) {
    send(response, 307, refusal("over there", "moved"), { location: request.path });
  },
  /** Many lines, whitespace, numbers that doubles can't hold, and awkward text. */
  pretty(request, response) {
    const body = { ...answer(request, awkward), big: "BIG", [awkward]: "one" };
    const text = JSON.stringify(body, null, "\t ").replace('"BIG"', "12345678901234567890.10E+2");
    send(response, 200, `\r\n ${text}\n\n`);
  },
  /** The argument, to the letter, is all that the model says. */
  say(request, response) {
    odd(request, response, { content: request.argument ?? "" });
  },
  /** The argument's parts between ` || `, one after the other, and then the last for ever. */
  sayInTurn(request, response) {
    const texts = request.argument.split(" || ");
    odd(request, response, { content: texts[Math.min(request.attempt, texts.length) - 1] });
  },
  /** The argument in a Markdown fence, with words around it. */
  fence(request, response) {
    const content = `Here you are:\n\n\`\`\`json\n${request.argument}\n\`\`\`\n\nAnything else?`;
    odd(request, response, { content });
  },
  refuse(request, response) {
    odd(request, response, { content: null, refusal: request.argument });
  },
  /** In the middle of an object, for the reason that is the argument. */
  stop(request, response) {
    odd(request, response, { content: '{"said":"hel' }, request.argument);
  },
  /** JSON with whitespace, awkward names and texts, and numbers that doubles can't hold. */
  awkward(request, response) {
    const text = JSON.stringify({ [awkward]: awkward, big: "BIG" }, null, "\t ");
    odd(request, response, {
      content: `\r\n ${text.replace('"BIG"', "12345678901234567890.10E+2")}\n`,
    });
  },
  choiceless(_, response) {
    send(response, 200, { id: "answer", object: "chat.completion", choices: [] });
  },
  /** A stream that breaks off in the middle. */
  snap: atFirst(
    streamEnding(
      (response) => sleep(50).then(() => response.destroy()), // What is written goes out first.
      (_, response) => response.destroy(),
    ),
  ),
  /** A stream that ends in an error. */
  blurt: atFirst(
    streamEnding(
      (response) => response.end(event({ error: { message: "oh", type: "server_error" } })),
      (_, response) => send(response, 500, refusal("oh", "server_error")),
    ),
  ),
  /** Event by event, with so many ms in between. */
  async drip(request, response) {
    const pause = () => sleep(Number(request.argument));
    if (request.streamed) return stream(request, response, answer(request), pause);
    await pause();
    well(request, response);
  },
  /** As a whole, in spite of being asked for a stream. */
  plain(request, response) {
    send(response, 200, answer(request));
  },
  /** The front of a stream; the rest when the test lets go. */
  async holdRest(request, response, provider) {
    const held = () => provider.holding(request, response);
    if (request.streamed) return stream(request, response, answer(request), held);
    await held();
    well(request, response);
  },
  /** Until the test lets go. */
  async hold(request, response, provider) {
    await provider.holding(request, response);
    well(request, response);
  },
};

// ---- What may come over all requests: for Provider.instead

/** Whatever is asked. */
export const refusing = (status, headers) => (_, response) => {
  send(response, status, refusal("not now", "trouble"), headers);
  return true;
};

/** It can't be reached. */
export const down = (_, response) => {
  response.destroy();
  return true;
};

/** Beyond so many requests side by side it turns away those that come. */
export const crowded = (most, refuse) => (request, response, provider) =>
  provider.inFlight > most && refuse(request, response);

// ---- What a request asks for

const data = /^data:([^;,]+);base64,([A-Za-z0-9+/]*={0,2})$/;
const header = /^The file( [^]*?)?:\n\n/; // Of a text that came as a file.

function decoded(url, more) {
  const [, mediaType, base64] = data.exec(url);
  return { mediaType, bytes: Buffer.from(base64, "base64"), ...more };
}

/** The file that came along in a message: { kind, name, mediaType, bytes }. */
function fileOf(part) {
  if (part.type === "image_url") return decoded(part.image_url.url, { kind: "image" });
  if (part.type === "file")
    return decoded(part.file.file_data, { kind: "document", name: part.file.filename });
  const [front, name = ""] = header.exec(part.text);
  return { kind: "text", name: name.slice(1), bytes: Buffer.from(part.text.slice(front.length)) };
}

/** A message: its prompt, its file if it has one, and what it says is to be done. */
function read(content) {
  if (typeof content === "string") return { prompt: content, task: content };
  const [{ text: prompt }, part] = content;
  const file = fileOf(part);
  const [task] = (prompt === asTheFileSays ? file.bytes.toString() : prompt).split("\n", 1);
  return { prompt, file, task };
}

export class Provider {
  /**
   * While it is set, it is asked before what the item says: (request, response, provider) → true if it has
   * answered.
   */
  instead = undefined;
  flooded = 0;
  // { number, time, name, behaviour, argument, attempt, method, path, headers, body, prompt, file, wantsJson,
  //   streamed, wantsUsage, closed }
  requests = [];
  inFlightMax = 0;
  #inFlight = 0;
  #attempts = new Map();
  #held = new Set();
  #released = false;
  #server = createServer((message, response) => void this.#take(message, response));

  static async start() {
    const provider = new Provider();
    provider.#server.listen(0, "127.0.0.1");
    await once(provider.#server, "listening");
    return provider;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/v1`;
  }

  /** Requests that are under way. */
  get inFlight() {
    return this.#inFlight;
  }

  /** The requests for one item. */
  asked(name) {
    return this.requests.filter((request) => request.name === name);
  }

  /** Names of the items that wait for `release`. */
  get held() {
    return [...this.#held].map(({ name }) => name);
  }

  /** Lets go of all that is held; from now on nothing is, until `holdAgain`. */
  release() {
    this.#released = true;
    for (const { resolve } of this.#held) resolve();
    this.#held.clear();
  }

  /** Lets go of those that are held and have such names; others that come are held. */
  releaseOnly(names) {
    for (const held of this.#held) {
      if (!names.test(held.name)) continue;
      held.resolve();
      this.#held.delete(held);
    }
  }

  holdAgain() {
    this.#released = false;
  }

  async holding({ name }, response) {
    if (this.#released) return;
    await new Promise((resolve) => {
      const held = { name, resolve };
      this.#held.add(held);
      response.on("close", () => this.#held.delete(held));
    });
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(incoming, response) {
    const time = performance.now();
    this.inFlightMax = Math.max(this.inFlightMax, (this.#inFlight += 1));
    response.on("close", () => (this.#inFlight -= 1));
    const chunks = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return; // The client is gone.
    }
    const body = Buffer.concat(chunks);
    const request = {
      time,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      body,
    };
    if (incoming.method === "GET") {
      this.requests.push(request);
      return send(response, 200, { object: "list", data: [{ id: "m", object: "model" }] });
    }
    const parsed = JSON.parse(body);
    // Of a question with a file, what follows is about the answer.
    const withFile = parsed.messages?.find(({ content }) => Array.isArray(content));
    const message = withFile ?? parsed.messages?.at(-1);
    const { task, prompt, file } = read(message?.content ?? parsed.input ?? parsed.prompt);
    const [name, behaviour = "well", ...words] = task.split(" ");
    const argument = words.length > 0 ? words.join(" ") : undefined;
    const attempt = (this.#attempts.get(name) ?? 0) + 1;
    this.#attempts.set(name, attempt);
    const wantsJson = parsed.response_format?.type === "json_schema";
    Object.assign(request, { number: this.requests.length, prompt, file, wantsJson });
    Object.assign(request, { name, behaviour, argument, attempt });
    const streamed = parsed.stream === true && incoming.url.endsWith("/chat/completions");
    Object.assign(request, { streamed, wantsUsage: parsed.stream_options?.include_usage === true });
    this.requests.push(request);
    response.on("close", () => (request.closed = performance.now()));
    if (this.instead?.(request, response, this)) return;
    await behaviours[behaviour](request, response, this);
  }
}
