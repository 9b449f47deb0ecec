// Makes node_answers.inc: what Node's RegExp says, with its flag u, to random patterns and texts.
// node tests/unit/pattern/node_answers.mjs
import { writeFileSync } from "node:fs";

import { Maker } from "./random_pairs.mjs";

const patterns_count = 2230;
const texts_count = 3;

const compiled = (pattern) => {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return null;
  }
};
const refusedOnPurpose = (pattern) => /\(\?(<?[=!]|[a-z-]+[:)])|\\[1-9k]/.test(pattern);

// V8 looks for `\B` in the middle of surrogate pairs, too, which ECMA-262 doesn't; nor if it must
// get there by whole characters.
const found = (pattern, text) => new RegExp(`^[^]*?(?:${pattern})`, "u").test(text);

const literal = (text) =>
  `"${text.replace(/[\\"]|(?<=\?)\?/g, "\\$&").replace(/[^ -~éßλЖ中😀𝒜]/gu, (c) =>
    [...Buffer.from(c)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""),
  )}"`;

const maker = new Maker(20);
const rows = new Map();
while (rows.size < patterns_count) {
  const pattern = maker.pattern();
  const accepted = compiled(pattern) !== null;
  if (accepted && refusedOnPurpose(pattern)) continue;
  if (!accepted && maker.chance(0.5)) continue;
  const texts = accepted ? Array.from({ length: texts_count }, () => maker.text(pattern)) : [];
  const answers = accepted ? texts.map((text) => (found(pattern, text) ? "1" : "0")).join("") : "";
  rows.set(pattern, `{${literal(pattern)},"${answers}",{${texts.map(literal).join(",")}}},`);
}
const header = "// Node's answers, made by node_answers.mjs: a pattern, whether it is found in each text, the texts.\n";
writeFileSync(new URL("node_answers.inc", import.meta.url), `${header}${[...rows.values()].join("\n")}\n`);
