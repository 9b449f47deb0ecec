// npm start: serves, from nothing if need be.
import { buildToServe } from "./build.mjs";
import { script } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

script(async () => {
  await ensure();
  await buildToServe();
  await import(at("build/local/start.mjs")); // In this process: signals and arguments are its own.
});
