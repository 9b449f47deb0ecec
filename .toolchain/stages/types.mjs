// TypeScript, strict: the worlds of Workers, Node and browsers have different globals, so a project
// each.
import { attempt } from "../command.mjs";
import { at } from "../paths.mjs";

const projects = ["tsconfig.json", "tsconfig.node.json", "tsconfig.browser.json"];

export async function types() {
  const tsc = at("node_modules/typescript/bin/tsc");
  const check = (project) => attempt(process.execPath, [tsc, "--noEmit", "-p", at(project)]);
  const results = await Promise.all(projects.map(check));
  for (const { output } of results) process.stdout.write(output);
  const failed = results.filter(({ code }) => code !== 0).length;
  const passed = projects.length - failed;
  return { passed, failed, line: `${passed} of ${projects.length} projects type-check` };
}
