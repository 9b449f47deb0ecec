// No file names a package registry or mirror: they differ from machine to machine. The ones that
// this machine uses are asked for, not written down.
import { execFileSync } from "node:child_process";

import { perLine } from "./files.mjs";

const asks = [
  ["npm", "config", "get", "registry"],
  ["python3", "-m", "pip", "config", "get", "global.index-url"],
  ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"],
];

function answer([program, ...args]) {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return ""; // Not there, or not set.
  }
}

/** The host names of the registries that this machine is set up for. */
export const configured = () => {
  const found = asks.map(answer).join("\n").matchAll(/:\/\/(?:[^/@\s]*@)?([^/:\s]+)/g);
  return [...new Set([...found].map((match) => match[1]))].filter((host) => host !== "localhost");
};

const settings = /^\s*(?:"resolved"\s*:|(?:@\w+:)?registry\s*=)/;

export const registries = (files, hosts = configured()) =>
  files
    .filter(({ path }) => !path.startsWith("LICENSE"))
    .flatMap((file) =>
      perLine(file, (line) => {
        const host = hosts.find((name) => line.includes(name));
        if (host) return `names the registry ${host}`;
        const setting = /(^|\/)(package-lock\.json|\.npmrc)$/.test(file.path) && settings.test(line);
        return setting ? "fixes a registry" : null;
      }),
    );
