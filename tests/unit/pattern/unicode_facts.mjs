// Makes unicode_facts.inc: for each property that patterns know how many code points Node says it has,
// and a hash of where their ranges begin and end. node tests/unit/pattern/unicode_facts.mjs
import { readFileSync, writeFileSync } from "node:fs";

const tables = readFileSync(new URL("../../../core/pattern/unicode_tables.hpp", import.meta.url), "utf8");
const rows = (name) =>
  [...new RegExp(`View ${name} =([^;]*);`).exec(tables)[1].matchAll(/"([^"]*)"/g)]
    .map(([, text]) => text)
    .join("")
    .split("|")
    .filter(Boolean)
    .map((row) => row.split(" "));

function fact(property) {
  const is = new RegExp(`^\\p{${property}}$`, "u");
  let [count, hash, before] = [0, 0, false];
  for (let point = 0; point <= 0x110000; ++point) {
    const has = point < 0x110000 && is.test(String.fromCodePoint(point));
    if (has) ++count;
    if (has !== before) hash = (Math.imul(hash, 31) + point) >>> 0;
    before = has;
  }
  return `${count}, ${hash}`;
}

const lines = (properties) => {
  const known = fact(properties[0]);
  return properties.map((property) => `{"${property}", ${known}},\n`).join("");
};
const text = [
  ...[...rows("category_names"), ...rows("category_group_names")].map((names) =>
    lines(names.flatMap((name) => [name, `gc=${name}`])),
  ),
  ...rows("script_names").map((names) => lines(names.map((name) => `sc=${name}`))),
  ...rows("script_names").map((names) => lines(names.map((name) => `scx=${name}`))),
  ...rows("binary_names").map(lines),
];
const header = `// Unicode ${process.versions.unicode}, made by unicode_facts.mjs: property, code points, hash.\n`;
writeFileSync(new URL("unicode_facts.inc", import.meta.url), header + text.join(""));
