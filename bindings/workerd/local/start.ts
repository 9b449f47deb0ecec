// npm start: serves until Ctrl-C.
import { onSignal, program } from "./program.ts";
import { serve } from "./serve.ts";
import { type Settings, settingsOf } from "./settings.ts";

function upstreamOf({ variables }: Settings): string {
  if (variables["UPSTREAMS"]) return "the providers of UPSTREAMS";
  const sandbox = "the built-in sandbox, an echo (set UPSTREAM_URL for a provider)";
  return variables["UPSTREAM_URL"] ?? sandbox;
}

await program(async () => {
  onSignal(() => process.exit(0));
  const settings = settingsOf(process.env);
  const { url } = await serve(settings);

  const [key] = settings.keys.keys();
  console.log(`edgebatch is ready on ${url}

  key       ${key}
  upstream  ${upstreamOf(settings)}
  data      ${settings.data}

Try it:
  curl ${url}/v1/models -H 'Authorization: Bearer ${key}'
  npm run batch -- in.jsonl -o out.jsonl
`);
});
