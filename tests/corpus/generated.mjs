// The large part of the corpus: made anew each time, from seeds, so that it is the same each time.

const mutants_files = 8;
const mutants_lines = 500; // Most have an error, few more than two, and a verdict lists 1,000 of a file.

/** A number below `limit` at each call: mulberry32. */
function random(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const request = (id, content = "hello", model = "m") =>
  JSON.stringify({
    custom_id: id,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model, messages: [{ role: "user", content }], temperature: -1.5e3, stream: false },
  });
const file = (lines) => Buffer.from(`${lines.join("\n")}\n`);

// What breaks a grammar, a decoder or a reader of vectors.
const splinters = [
  ...'{}[]",:\\ \t\r\0\x1b-+.eE019tfnu/',
  "\\u", "\\ud800", "\\u00e9", "\\/", "null", "true", "1e999", "\u2028", "é", "日本", "🙂",
].map((text) => Buffer.from(text));
splinters.push(...["80", "ff", "c0", "eda080", "e697", "f09f99", "efbbbf"].map((hex) => Buffer.from(hex, "hex")));

/** The line with a few bytes replaced, removed, put in or doubled; never an end of line. */
function mutant(line, below) {
  let bytes = line;
  for (let count = 1 + below(3); count > 0; count -= 1) {
    const from = below(bytes.length + 1);
    const to = Math.min(bytes.length, from + [0, 1, 1, below(40)][below(4)]);
    const inserted = below(4) === 0 ? bytes.subarray(from, to) : splinters[below(splinters.length)];
    const keep = below(3) === 0 ? to : from; // Or else what was there is replaced.
    bytes = Buffer.concat([bytes.subarray(0, keep), inserted, bytes.subarray(to)]);
  }
  return bytes;
}

function mutants(seed) {
  const below = random(seed);
  const lines = Array.from({ length: mutants_lines }, (_, i) => {
    const line = Buffer.from(request(`id-${i}-é`, `"日本語" \\ 🙂 ${"x".repeat(below(70))}`));
    return Buffer.concat([mutant(line, below), Buffer.from(below(20) ? "\n" : "\r\n")]);
  });
  return Buffer.concat(lines);
}

export const generated = () => [
  ...Array.from({ length: mutants_files }, (_, i) => ({ name: `mutants ${i}`, bytes: mutants(i + 1) })),
  { name: "3,000 errors", bytes: file(Array.from({ length: 3000 }, (_, i) => `{"custom_id":"${i}",`)) },
  {
    name: "50,002 items",
    bytes: file(Array.from({ length: 50_002 }, (_, i) => request(`${i}`))),
  },
  {
    name: "20 models",
    bytes: file(Array.from({ length: 40 }, (_, i) => request(`${i}`, "", `model-${i % 20}`))),
  },
  {
    name: "a line of 15 MB",
    bytes: file([request("a", "é".repeat(7_500_000)), request("b"), request("a")]),
  },
  { name: "a line of 20 MB", bytes: file([request("a", "x".repeat(20_000_000)), request("b")]) },
];
