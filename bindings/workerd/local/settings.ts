// What the environment says about the local server.

/** A reason not to go on, for the person at the terminal. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface Settings {
  readonly port: number; // 0: any free one.
  readonly data: string; // A folder.
  readonly keys: ReadonlyMap<string, string>; // API key → tenant.
  readonly variables: Readonly<Record<string, string>>; // Handed to the worker as they are.
}

const handedOn = [
  "UPSTREAM_URL",
  "UPSTREAM_KEY",
  "UPSTREAMS",
  "EDGEBATCH_WINDOWS",
  "DATAGRID_MODELS",
  "JOBS",
  "DATAGRID_REASKS",
  "RATE_LIMIT",
  "CONNECTIONS_MAX",
] as const;
const defaultKeys = "eb-dev=dev,eb-dev-2=dev-2";
const badUsage = 2;

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Refusal(`PORT=${text}: a number from 0 (any free port) to 65535 is wanted`, badUsage);
}

const badKeys = (what: string): Refusal =>
  new Refusal(
    `EDGEBATCH_KEYS: ${what}. Keys are separated by commas, and a tenant is made of letters, ` +
      `digits, - and _: ${defaultKeys}`,
    badUsage,
  );

function keysOf(text: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const entry of text.split(",")) {
    const [, key, tenant] = /^\s*([!-~]+)=([\w-]{1,64})\s*$/.exec(entry) ?? [];
    if (!key || !tenant) throw badKeys(`"${entry}" isn't key=tenant`);
    if (keys.has(key)) throw badKeys(`"${entry}" repeats a key`);
    keys.set(key, tenant);
  }
  return keys;
}

export function settingsOf(env: NodeJS.ProcessEnv): Settings {
  const given = handedOn.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const keys = keysOf(env["EDGEBATCH_KEYS"] || defaultKeys);
  const [firstTenant = ""] = keys.values();
  return {
    port: portOf(env["PORT"] || "8787"),
    data: env["EDGEBATCH_DATA"] || ".edgebatch",
    keys,
    variables: {
      ...Object.fromEntries(given),
      // Impala's clients may come without a key; set but empty, nobody may.
      ANONYMOUS_TENANT: env["ANONYMOUS_TENANT"] ?? firstTenant,
    },
  };
}
