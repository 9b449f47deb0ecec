// Files on their way to the provider: what they are is told by their bytes, and all of these arrive.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";

import { conserved, create, end, upload } from "./datagrid.mjs";
import { serve, upstreams } from "./harness.mjs";
import { Provider } from "./provider.mjs";

let provider, server, client;

before(async () => {
  provider = await Provider.start();
  server = await serve({ env: upstreams({ url: provider.url }) });
  client = server.datagrid();
});
after(async () => {
  await server?.stop();
  await provider?.stop();
});

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Sends files as items of one batch, in order; gives what the provider got for each. */
async function sent(name, files, pages = []) {
  const items = files.map(({ id }, index) => {
    return { custom_id: `${name}${index}`, file_id: id, page: pages[index] ?? null };
  });
  const batch = await end(client, await create(client, items, { prompt: `${name} well` }));
  assert.equal(batch.status, "completed", JSON.stringify(batch.error));
  const lines = await conserved(client, batch, items);
  const requests = provider.asked(name);
  assert.equal(requests.length, items.length);
  // The answer tells which request it was for.
  return lines.map(({ output }) => requests.find(({ number }) => number === output.number));
}

// ---- Small files of every kind, as they are written

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Of RGB pixels, 64 in a row. */
function png(pixels) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const [width, height] = [64, pixels.length / (64 * 3)];
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(height, 4);
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(row * width * 3, (row + 1) * width * 3)]),
  );
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  const data = deflateSync(Buffer.concat(rows), { level: 1 });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** With a stream of these bytes, which no viewer shows. */
function pdf(stream = Buffer.from("BT ET")) {
  const pieces = [Buffer.from("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  const offsets = [];
  const length = () => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const object = (...content) => {
    offsets.push(length());
    const parts = [`${offsets.length} 0 obj\n`, ...content, "\nendobj\n"];
    pieces.push(...parts.map((part) => Buffer.from(part)));
  };
  object("<</Type/Catalog/Pages 2 0 R>>");
  object("<</Type/Pages/Kids[3 0 R]/Count 1>>");
  object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R>>");
  object(`<</Length ${stream.length}>>stream\n`, stream, "\nendstream");
  const start = length();
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  pieces.push(
    Buffer.from(
      `xref\n0 5\n0000000000 65535 f \n${rows}trailer<</Size 5/Root 1 0 R>>\n` +
        `startxref\n${start}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(pieces);
}

// One pixel each.
const gif = Buffer.from(
  "47494638396101000100800000000000ffffff2c00000000010001000002024401003b",
  "hex",
);
const webp = Buffer.from("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", "base64");
const jpeg = Buffer.from(
  "ffd8ffdb004300" +
    "01".repeat(64) +
    "ffc0000b080001000101011100" +
    "ffc4001f0000010501010101010100000000000000000102030405060708090a0b" +
    "ffc4001410010000000000000000000000000000000000" +
    "ffda0008010100003f003fffd9",
  "hex",
);

test("content: images of every kind and a PDF → reach the provider byte for byte", async () => {
  const noise = (rows) => png(randomBytes(rows * 64 * 3));
  const cases = [
    [noise(4), "a.png", "image/png"],
    [jpeg, "b.jpg", "image/jpeg"],
    [webp, "c.webp", "image/webp"],
    [gif, "d.gif", "image/gif"],
    // What base64 pads, and what it doesn't.
    [Buffer.concat([gif, Buffer.from("a")]), "e.gif", "image/gif"],
    [Buffer.concat([gif, Buffer.from("ab")]), "f.gif", "image/gif"],
    [pdf(), 'plän "A" 😀.pdf', "application/pdf"],
    // Names and declared types don't matter.
    [noise(2), "not-a-text.txt", "image/png"],
    [pdf(), "none", "application/pdf"],
  ];
  const files = await Promise.all(cases.map(([bytes, name]) => upload(client, bytes, name)));
  const requests = await sent("small", files, [null, null, null, null, null, null, 3]);
  for (const [index, [bytes, name, mediaType]] of cases.entries()) {
    assert.equal(files[index].media_type, mediaType, name);
    const { file } = requests[index];
    assert.equal(file.mediaType, mediaType, name);
    assert.equal(file.kind, mediaType === "application/pdf" ? "document" : "image", name);
    assert.ok(file.bytes.equals(bytes), name);
    if (file.kind === "document") assert.equal(file.name, name);
  }
  const prompts = requests.map(({ prompt }) => prompt);
  assert.match(prompts[6], /^small well\s+.*\bpage 3\b/);
  assert.deepEqual(new Set(prompts.toSpliced(6, 1)), new Set(["small well"]));
});

test("content: large files, over the borders of parts → byte for byte", async () => {
  const mib = 1024 * 1024;
  const padded = (size) => Buffer.concat([pdf(), Buffer.alloc(size - pdf().length, "\n")]);
  const cases = [
    [png(randomBytes(26_100 * 64 * 3)), "photo.png"],
    [pdf(randomBytes(12 * mib)), "scan.pdf"],
    [padded(4 * mib), "one-part.pdf"],
    [padded(4 * mib + 1), "one-part-and-a-byte.pdf"],
  ];
  assert.ok(cases[0][0].length > 5_000_000);
  const files = [];
  for (const [bytes, name] of cases) files.push(await upload(client, bytes, name));
  const requests = await sent("large", files);
  for (const [index, [bytes, name]] of cases.entries()) {
    const { file, body, headers } = requests[index];
    assert.equal(file.bytes.length, bytes.length, name);
    assert.equal(sha256(file.bytes), sha256(bytes), name);
    assert.equal(headers["content-length"], String(body.length));
    const content = await client.files.content(files[index].id);
    assert.equal(sha256(Buffer.from(await content.arrayBuffer())), sha256(bytes), name);
  }
});

test("content: texts → as text, exactly, by name", async () => {
  const odd =
    'q"uo\\tes \u2028\u2029\u0085 😀 \t tab\r\ncrlf\rcr\fff é \\u0041 </script> \u007e\ufeff\uffff';
  const cases = [
    ["a.md", `# Title\n\n${odd}`, "text/markdown"],
    ["b.csv", 'a,"b ""c""",d\r\n1,2,3\r\n', "text/csv"],
    ["c.json", '{"a": "\\u2028", "b": [1.50]}', "application/json"],
    ["d.html", '<!doctype html><p title="x">é & ü</p>', "text/html"],
    ["e.txt", `\ufeff${odd}`, "text/plain"],
    ["f", "x", "text/plain"],
    ['ein "g"\n.png', "not an image", "text/plain"],
    // Characters that lie across the borders of whatever pieces they come in.
    ["h.txt", "a" + "😀".repeat(300_000), "text/plain"],
    ["full.txt", '"\\\n'.repeat(4 * 1024 * 1024).slice(0, 4 * 1024 * 1024), "text/plain"],
  ];
  const files = await Promise.all(cases.map(([name, text]) => upload(client, text, name)));
  const requests = await sent("texts", files);
  for (const [index, [name, text, mediaType]] of cases.entries()) {
    assert.equal(files[index].media_type, mediaType, name);
    const { file, body, headers } = requests[index];
    assert.equal(file.kind, "text", name);
    assert.equal(file.name, files[index].filename, name);
    assert.ok(file.bytes.equals(Buffer.from(text)), name);
    assert.equal(headers["content-length"], String(body.length));
  }
  const names = cases.map(([name]) => name).toSpliced(6, 1);
  assert.deepEqual(files.map(({ filename }) => filename).toSpliced(6, 1), names);
});

test("content: one file for many items → read anew for each", async () => {
  const bytes = png(randomBytes(400 * 64 * 3));
  const file = await upload(client, bytes, "many.png");
  const requests = await sent("many", Array(40).fill(file));
  for (const request of requests) assert.ok(request.file.bytes.equals(bytes));
});
