// A project of somebody who uses the validator for browsers: new, outside of this checkout, with the
// package installed from its archive, built by Vite and served as files.
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { pack } from "../../.toolchain/browser.mjs";
import { run } from "../../.toolchain/command.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { newFolder } from "./harness.mjs";

const log = { log: "build.log" };
const { devDependencies } = JSON.parse(readFileSync(at("package.json"), "utf8"));

const sources = {
  "package.json": JSON.stringify({ name: "somebodys-page", private: true, type: "module" }),
  "index.html": `<!doctype html><title>A page</title><input type="file">
<script type="module" src="main.js"></script>`,
  "main.js": `import * as validator from "@edgebatch/validator";
globalThis.validator = validator;
globalThis.newWorker = () => new Worker(new URL("inner.js", import.meta.url), { type: "module" });`,
  "inner.js": `import { validateToJson } from "@edgebatch/validator";
onmessage = async ({ data }) => postMessage(await validateToJson(data));`,
  "node.mjs": `import { openAsBlob } from "node:fs";
import { validateToJson } from "@edgebatch/validator";
process.stdout.write(await validateToJson(await openAsBlob(process.argv[2])));`,
  "consumer.ts": `import { validate, validateToJson, type InputError, type Progress } from "@edgebatch/validator";
const verdict = await validate(new Blob(), {
  endpoint: "/v1/embeddings",
  onProgress: ({ bytes, total, lines, errors }: Progress) => bytes / (total ?? 1) + lines + errors,
  signal: AbortSignal.timeout(1),
});
export const first: InputError | undefined = verdict.errors[0];
export const place: [number | null, string] | undefined = first && [first.column, first.pointer];
export const json: string = await validateToJson(new Response("").body ?? "");
// @ts-expect-error: no input
await validate(7);
// @ts-expect-error: no option
await validate("", { endpoints: "" });`,
};

/** Makes the project and builds it. Gives its folder. */
export async function newProject() {
  const archive = await pack();
  const folder = newFolder();
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
  const packages = [archive, `vite@${devDependencies.vite}`];
  await run("npm", ["install", ...quiet, ...packages], { cwd: folder, ...log });
  const vite = [join(folder, "node_modules/vite/bin/vite.js"), "build"];
  const output = await run(process.execPath, vite, { cwd: folder, ...log });
  return { folder, output };
}

/** Compiles consumer.ts as strictly as can be, by `moduleResolution`. Rejects with what tsc says. */
export async function typeCheck(folder, moduleResolution) {
  const module = moduleResolution === "nodenext" ? "nodenext" : "esnext";
  const options = { module, moduleResolution, lib: "es2023,dom", target: "es2022" };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const strict = ["--strict", "--noEmit", "--exactOptionalPropertyTypes"];
  const tsc = at("node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "consumer.ts", ...strict, ...args], { cwd: folder, ...log });
}

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves the built page on a free port until it is closed: { origin, close() }. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://page").pathname).replace(/\/$/, "/index.html");
    const file = createReadStream(join(folder, "dist", path));
    file.on("open", () => {
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" });
      file.pipe(response);
    });
    file.on("error", () => response.writeHead(404).end());
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
