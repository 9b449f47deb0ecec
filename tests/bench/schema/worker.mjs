// Schemas in workerd, whose clock stands still while a request computes: who asks measures.
// POST /?schema=NAME&method=core|ajv|parse&times=N: goes through its answers so often, and says how many fit.
import module from "./edgebatch_schema.wasm";

import { methodsOf } from "./methods.mjs";
import { answers, schemas } from "./schemas.mjs";
import validators from "./validators.mjs";

const methods = methodsOf(module, validators, schemas, answers);
let current = {};

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const name = searchParams.get("schema");
    if (current.name !== name) current = { name, ...methods(name) };
    let fitting = 0;
    for (let left = Number(searchParams.get("times")); left > 0; --left) fitting += current[searchParams.get("method")]();
    const { count, bytes } = current;
    return Response.json({ fitting, count, bytes });
  },
};
