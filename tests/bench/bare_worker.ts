// What edgebatch is compared to: the platform's own calls with nothing around them.
import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly BUCKET: R2Bucket;
  readonly HOP: DurableObjectNamespace<Hop>;
}

export class Hop extends DurableObject<Env> {
  hop(): number {
    return 1;
  }
}

/** `count` requests in `lanes`, each answer read and forgotten. */
async function fetchLoop(request: Request, query: URLSearchParams): Promise<void> {
  const [url, count, lanes] = [query.get("url") ?? "", query.get("count"), query.get("lanes")];
  const body = await request.arrayBuffer();
  const headers = { "content-type": "application/json" };
  let left = Number(count);
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const response = await fetch(url, { method: "POST", headers, body });
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
}

export default {
  async fetch(request, { BUCKET, HOP }) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/loop":
        await fetchLoop(request, searchParams);
        break;
      case "/put":
        await BUCKET.put("object", request.body);
        break;
      case "/pipe":
        return new Response((await BUCKET.get("object"))?.body);
      case "/hop":
        await HOP.get(HOP.idFromName("hop")).hop();
    }
    return new Response("done");
  },
} satisfies ExportedHandler<Env>;
