// Compiles and instantiates a WebAssembly module once, in a process that has done nothing else; prints
// [compile, instantiate] in ms.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const start = performance.now();
const module = new WebAssembly.Module(bytes);
const compiled = performance.now();
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  (imports[from] ??= {})[name] = () => 0;
}
const ready = performance.now();
new WebAssembly.Instance(module, imports).exports._initialize();
console.log(JSON.stringify([compiled - start, performance.now() - ready]));
