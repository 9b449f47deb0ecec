// Schemas in workerd. POST { schema, answers }, texts: gives { flaws: ["CODE POINTER"], fits: [boolean] }, fits only
// of a schema without flaws.
import module from "./edgebatch_schema.wasm";

import { core } from "./methods.mjs";

const validator = core(module);
const encoder = new TextEncoder();

function held({ schema, answers }) {
  const flaws = validator.compile(schema);
  return { flaws, fits: flaws.length ? [] : answers.map((answer) => validator.fits(encoder.encode(answer))) };
}

export default {
  async fetch(request) {
    return Response.json((await request.json()).map(held));
  },
};
