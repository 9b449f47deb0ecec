// A worker of a bench in Miniflare: modules of one folder, and their reactor.
import { readFileSync } from "node:fs";

import { Miniflare } from "miniflare";

/**
 * Serves `folder`'s worker.mjs while `work` asks it, at the origin it is given; gives what that gives. `modules`:
 * the names of the others, or [name, path] where one lies elsewhere. `wasm`: [name, path].
 */
export async function inWorkerd({ folder, modules, wasm }, work) {
  const module = (type, [name, path]) => ({ type, path: `${folder}/${name}`, contents: readFileSync(path) });
  const miniflare = new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    port: 0,
    modulesRoot: folder,
    modules: [
      ...["worker.mjs", ...modules].map((given) =>
        module("ESModule", Array.isArray(given) ? given : [given, `${folder}/${given}`]),
      ),
      module("CompiledWasm", wasm),
    ],
  });
  try {
    return await work((await miniflare.ready).origin);
  } finally {
    await miniflare.dispose();
  }
}
