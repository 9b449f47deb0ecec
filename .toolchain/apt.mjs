// Debian's packages: installed into the system (root only), or a source package fetched into a
// folder (anybody). The mirror is whichever this machine's apt is configured for.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Stop, run, which } from "./command.mjs";

const env = { DEBIAN_FRONTEND: "noninteractive" };
const patient = ["-o", "DPkg::Lock::Timeout=300"];
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

function release() {
  if (!existsSync("/etc/os-release")) return {};
  const lines = readFileSync("/etc/os-release", "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => line.replaceAll('"', "").split("=")));
}

/** Is this the Debian whose package names we know? */
export const isDebian12 = () => release().VERSION_CODENAME === "bookworm" && !!which("apt-get");
export const canInstall = () => isDebian12() && process.getuid?.() === 0;

export async function install(packages) {
  await run("apt-get", [...patient, "update", "-q"], { env });
  await run(
    "apt-get",
    [...patient, "install", "-q", "-y", "--no-install-recommends", ...packages],
    { env },
  );
}

async function mirror() {
  const format = ["--format", "$(REPO_URI) $(CODENAME)"];
  const targets = await run("apt-get", ["indextargets", ...format, "Created-By: Packages"]);
  const line = targets.split("\n").find((target) => target.endsWith(" bookworm"));
  if (!line) throw new Stop("apt has no source for bookworm: see /etc/apt/sources.list.d");
  return line.split(" ")[0];
}

/**
 * Fetches into `folder`, which is made anew, what `ask` (an apt-get command) gets from `source`
 * (`deb bookworm` …, without the mirror). Gives the names of the files.
 */
async function fetch(source, ask, folder) {
  const state = join(folder, "apt");
  rmSync(folder, { recursive: true, force: true });
  for (const sub of ["lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(state, sub), { recursive: true });
  }
  const [kind, suite] = source.split(" ");
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  const list = join(state, "sources.list");
  writeFileSync(list, `${kind} ${signed}${await mirror()} ${suite} main\n`);
  writeFileSync(join(state, "status"), "");

  // A state of its own: no source is added to the machine, and no root is needed.
  const own = {
    "Dir::State::Lists": join(state, "lists"),
    "Dir::Cache": join(state, "cache"),
    "Dir::State::status": join(state, "status"),
    "Dir::Etc::sourcelist": list,
    "Dir::Etc::sourceparts": "-",
    "Dir::Etc::preferencesparts": "-",
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(own).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  await run("apt-get", [...options, "update", "-q"], { env });
  await run("apt-get", [...options, "-q", ...ask], { env, cwd: folder });
  rmSync(state, { recursive: true });
  return readdirSync(folder);
}

/** Fetches the source package `name` of bookworm-backports into `folder`; gives its file names. */
export const fetchSource = (name, folder) =>
  fetch("deb-src bookworm-backports", ["source", "--download-only", name], folder);

/** Fetches packages (`.deb` files) of another release of Debian, `suite`, into `folder`. */
export const fetchPackages = (names, suite, folder) =>
  fetch(`deb ${suite}`, ["download", ...names], folder);
