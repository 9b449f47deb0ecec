// Installs what is missing, and only that: with everything there it costs a few stat calls.
import { pathToFileURL } from "node:url";

import { canInstall, install as aptInstall } from "./apt.mjs";
import { catch2 } from "./catch2.mjs";
import { Stop, script, seconds } from "./command.mjs";
import { emscripten } from "./emscripten.mjs";
import { jsonSchemaSuite } from "./json_schema_suite.mjs";
import { npmPackages } from "./npm_packages.mjs";
import { toBuildForBrowsers, toServe, toTest } from "./system.mjs";
import { wasmtimePackage } from "./wasmtime.mjs";

const absent = (part) => !part.present();

async function installing(what, install) {
  const start = performance.now();
  console.log(`installing ${what}`);
  await install();
  console.log(`installed ${what} (${seconds(start)})`);
}

function refuse(parts) {
  const packages = [...new Set(parts.flatMap((part) => part.packages ?? []))];
  const lines = parts.map((part) => `  ${part.what}\n      ${part.otherwise}`);
  const debian = packages.length
    ? `\nOn Debian 12, root gets it by the same command again, or by\n  apt-get install ${packages.join(" ")}\n`
    : "";
  throw new Stop(`edgebatch needs what is missing here, and can't install it by itself:\n${lines.join("\n")}\n${debian}`);
}

/**
 * Makes sure that everything is there: to build and serve; with `browser` to build for browsers as
 * well, with `tests` to do that and test.
 */
export async function ensure({ tests = false, browser = tests } = {}) {
  const start = performance.now();
  const byApt = (part) => !part.optional || canInstall();
  const wanted = [...toServe, ...(browser ? toBuildForBrowsers : []), ...(tests ? toTest : [])];
  const system = wanted.filter(absent).filter(byApt);
  const fetched = [...(browser ? [emscripten] : []), ...(tests ? [catch2, wasmtimePackage, jsonSchemaSuite] : [])];
  const own = [npmPackages, ...fetched].filter(absent);
  if (system.length + own.length === 0) return;

  // Say all that stands in the way at once, before anything is installed.
  const stuck = own.filter((part) => !part.possible());
  if (!canInstall()) stuck.unshift(...system);
  if (stuck.length) refuse(stuck);

  const fromSystem = async () => {
    if (system.length === 0) return;
    const packages = [...new Set(system.flatMap((part) => part.packages))];
    await installing(system.map((part) => part.what).join(", "), () => aptInstall(packages));
  };
  const early = own.filter((part) => part === npmPackages);
  const late = own.filter((part) => part !== npmPackages);
  await Promise.all([fromSystem(), ...early.map((part) => installing(part.what, part.install))]);
  for (const part of late) await installing(part.what, part.install);

  const left = [...system, ...own].filter(absent);
  if (left.length) refuse(left);
  console.log(`set up in ${seconds(start)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  script(() => ensure({ tests: !process.argv.includes("--serve") }));
}
