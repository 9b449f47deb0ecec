// Validation in workerd, whose clock stands still while a request computes: who asks measures.
// PUT /: the corpus. POST /scan?times=N, /parse, /copy: goes through it so often.
import module from "./edgebatch_scan.wasm";

import { methodsOf } from "./methods.mjs";

const methods = methodsOf(module);
let input = new Uint8Array();

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "PUT") {
      input = new Uint8Array(await request.arrayBuffer());
      return new Response("there");
    }
    let items = 0;
    for (let left = Number(searchParams.get("times")); left > 0; --left)
      items = methods[pathname.slice(1)](input);
    return new Response(String(items));
  },
};
