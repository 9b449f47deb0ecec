// The JSON Schema Test Suite, as files that the C++ tests read natively and in wasmtime, and the worker of
// tests/e2e/schema_suite.test.mjs: values as they were written, since numbers may be beyond a double.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { folder } from "../json_schema_suite.mjs";
import { at } from "../paths.mjs";

/** What is decided otherwise, by the beginning of its groups' names, and why. */
const decided = [
  ["optional/format/", "format is an annotation, as the draft has it unless a metaschema says otherwise"],
  ["optional/format-assertion.json", "the same; no metaschema is fetched"],
  ["optional/dependencies-compatibility.json", "a word of drafts before this one; unknown words are annotations"],
  ["vocabulary.json: schema that uses custom metaschema", "no metaschema is fetched: $schema is an annotation"],
];

const refused = new Set("$defs $dynamicRef $ref allOf anyOf not oneOf patternProperties".split(" "));
const withSchema = new Set(
  ("additionalProperties contains contentSchema else if items propertyNames then unevaluatedItems " +
    "unevaluatedProperties").split(" "),
);
const withSchemas = new Set(["dependentSchemas", "prefixItems", "properties"]);

const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** The pointers of keywords that are refused, wherever a schema stands in `schema`. */
function refusedIn(schema, pointer = "") {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const own = `${pointer}/${escaped(keyword)}`;
    if (refused.has(keyword)) return [own];
    if (withSchema.has(keyword)) return refusedIn(value, own);
    if (!withSchemas.has(keyword) || typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) => refusedIn(inner, `${own}/${escaped(name)}`));
  });
}

const compact = (text) => text.replace(/("(?:\\.|[^"\\])*")|\s+/g, "$1");

/** The elements of a compact array, or the members of a compact object as [name, value], as they stand. */
function inner(text) {
  const parts = [];
  let [begin, depth] = [1, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:\\.|[^"\\])*"|[[\]{},]/g)) {
    if ("[{".includes(token)) ++depth;
    if ("]}".includes(token)) --depth;
    if ((token === "," && depth === 1) || depth === 0) {
      if (index > begin) parts.push(text.slice(begin, index));
      begin = index + 1;
    }
  }
  if (text[0] === "[") return parts;
  return parts.map((part) => {
    const [name] = /^"(?:\\.|[^"\\])*"/.exec(part);
    return [JSON.parse(name), part.slice(name.length + 1)];
  });
}

/** Every group as { name, schema, refused, decided, tests: [{ data, valid }] }; schema and data are texts. */
export function groups() {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((file) =>
    inner(compact(readFileSync(join(folder, file), "utf8"))).map((text) => {
      const { description, schema, tests } = Object.fromEntries(inner(text));
      const name = `${file}: ${JSON.parse(description)}`;
      return {
        name,
        schema,
        refused: refusedIn(JSON.parse(schema)).sort(),
        decided: decided.find(([begins]) => name.startsWith(begins))?.[1] ?? null,
        tests: inner(tests).map((test) => {
          const { data, valid } = Object.fromEntries(inner(test));
          return { data, valid: valid === "true" };
        }),
      };
    }),
  );
}

/**
 * Writes build/json-schema-suite/groups: for each group the lines `group FILE: DESCRIPTION`, `schema TEXT`,
 * `decided WHY` if it is decided otherwise, `refused POINTER` …, and `valid TEXT` or `invalid TEXT` for each of its
 * tests.
 */
export function writeJsonSchemaSuite() {
  const lines = groups().flatMap(({ name, schema, refused, decided, tests }) => [
    `group ${name}`,
    `schema ${schema}`,
    ...(decided ? [`decided ${decided}`] : []),
    ...refused.map((pointer) => `refused ${pointer}`),
    ...tests.map(({ data, valid }) => `${valid ? "valid" : "invalid"} ${data}`),
  ]);
  const out = at("build/json-schema-suite");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "groups"), `${lines.join("\n")}\n`);
}
