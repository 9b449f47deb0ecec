// Hosts carry out effects: no status, no body text, no vendor word. Local programs are clients.
import { perLine } from "./files.mjs";

const isHost = (path) =>
  /^bindings\/.*\.(ts|mts|js|mjs)$/.test(path) &&
  !/\/(local|console|browser)\//.test(path) &&
  !path.endsWith(".d.ts");

const vendors = /openai|datagrid|impala|anthropic|mistral|gemini|completions?\b|custom_?id/i;

// The registered status codes, as numbers of their own: 200 and 404, but neither 2000 nor 0x200.
const statuses =
  /(?<![\w.$])(10[0-3]|20[0-8]|226|30[0-8]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])(?![\w.])/;

const bodies = /Response\.(json|error|redirect)\(|new Response\(\s*["'`]|statusText/;

// A comment may name what the code may not.
const code = (line) => line.replace(/^\s*(\/\/|\*|\/\*).*$/, "").replace(/\s\/\/ .*$/, "");

export const hosts = (files) =>
  files
    .filter(({ path }) => isHost(path))
    .flatMap((file) =>
      perLine(file, (line) => {
        const text = code(line);
        const vendor = vendors.exec(text);
        if (vendor) return `a host knows no vendor: "${vendor[0]}"`;
        const status = statuses.exec(text);
        if (status) return `a host decides no status: ${status[0]}`;
        if (bodies.test(text)) return "what is answered comes from the core";
        return null;
      }),
    );
