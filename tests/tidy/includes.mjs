// Includes run one way: core/text ← other core folders ← core/dialects ← handlers ← bindings/abi;
// the validator for browsers, bindings/browser, and the command line, bindings/wasi, stand on the
// core.
import { dirname } from "node:path/posix";

import { isCpp, perLine } from "./files.mjs";

// The first rule whose folder holds a file says what it may include, besides that folder itself;
// `*` stands for one name, so that neighbours are apart: core/dialects chooses among the vendors'
// folders, but its headers know none, and no vendor knows another.
const rules = [
  { folder: "core/text", may: [] },
  { folder: "core/lifecycle", may: ["core/text"] },
  { folder: "core/ledger", may: ["core/text"] },
  { folder: "core/pattern", may: ["core/text"] },
  { folder: "core/schema", may: ["core/text", "core/json", "core/pattern", "core/problem"] },
  { folder: "core/dialects/*", may: ["core"], except: ["core/dialects/*"] },
  { folder: "core/dialects", may: ["core"], headersExcept: ["core/dialects/*"] },
  { folder: "core/*", may: ["core"], except: ["core/dialects"] },
  { folder: "handlers/ports", may: ["core"] },
  { folder: "handlers", may: ["core", "handlers"] },
  { folder: "bindings/abi", may: ["core", "handlers"] },
  { folder: "bindings/browser", may: ["core"] },
  { folder: "bindings/wasi", may: ["core"] },
  { folder: "tests", may: ["core", "handlers", "bindings/abi", "bindings/wasi", "tests"] },
];

const json = ["core/json", "tests/unit/json", "tests/fuzz"]; // Who sees the JSON library.

const within = (folder, path) => {
  const parts = folder.split("/");
  const own = dirname(path).split("/");
  return parts.every((part, index) => (part === "*" ? own[index] : own[index] === part));
};
// The folder that a rule stands for, of this file: `core/dialects/*` → `core/dialects/openai`.
const home = (rule, path) => path.split("/").slice(0, rule.folder.split("/").length).join("/");

function judge(path, target) {
  const rule = rules.find(({ folder }) => within(folder, path));
  if (/[<"]nlohmann\//.test(target)) {
    return json.some((folder) => within(folder, path)) ? null : `only ${json[0]} sees nlohmann_json`;
  }
  if (!rule || target.startsWith("<")) return null;
  const included = target.slice(1, -1);
  if (included === "catch_amalgamated.hpp") {
    return path.startsWith("tests/") ? null : "only tests see Catch2";
  }
  if (!included.includes("/")) return `"${included}": includes are rooted at the repository`;
  const own = home(rule, path);
  const among = (folders = []) => folders.some((folder) => within(folder, included));
  const refused = among(rule.except) || (path.endsWith(".hpp") && among(rule.headersExcept));
  const near = within(own, included) && (!refused || rule.folder.endsWith("*"));
  return near || (among(rule.may) && !refused) ? null : `${own} must not include ${included}`;
}

const room = (path) => path.split("/").slice(0, 2).join("/");

/** Folders of the core that include each other in a ring. */
function rings(edges) {
  const reaches = (from, to, seen = new Set()) =>
    [...(edges.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && seen.add(next) && reaches(next, to, seen)),
    );
  const inRing = [...edges.keys()].filter((folder) => reaches(folder, folder)).sort();
  return inRing.length ? [`${inRing.join(", ")}: include each other in a ring`] : [];
}

export function includes(files) {
  const edges = new Map();
  const messages = files
    .filter(({ path }) => isCpp(path))
    .flatMap((file) =>
      perLine(file, (line) => {
        const target = /^\s*#\s*include\s+(<[^>]+>|"[^"]+")/.exec(line)?.[1];
        if (!target) return null;
        const [from, to] = [room(file.path), room(target.slice(1, -1))];
        if (from.startsWith("core/") && to.startsWith("core/") && from !== to) {
          edges.set(from, (edges.get(from) ?? new Set()).add(to));
        }
        return judge(file.path, target);
      }),
    );
  return [...messages, ...rings(edges)];
}
