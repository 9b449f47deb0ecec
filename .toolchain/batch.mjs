// npm run batch -- in.jsonl [-o out.jsonl]: the main job in one command.
import { buildToServe } from "./build.mjs";
import { script } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

script(async () => {
  await ensure();
  await buildToServe();
  await import(at("build/local/batch.mjs")); // In this process: signals and arguments are its own.
});
