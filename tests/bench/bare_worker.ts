// What edgebatch is compared to: the platform's own calls with nothing around them.
import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly BUCKET: R2Bucket;
  readonly HOP: DurableObjectNamespace<Hop>;
}

/** `count` requests in `lanes`, each answer read and forgotten. */
async function fetchLoop(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
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
  return new Response("done");
}

export class Hop extends DurableObject<Env> {
  hop(): number {
    return 1;
  }

  override fetch(request: Request): Promise<Response> {
    return fetchLoop(request);
  }
}

export default {
  async fetch(request, { BUCKET, HOP }) {
    const object = () => HOP.get(HOP.idFromName("hop"));
    switch (new URL(request.url).pathname) {
      case "/loop":
        return fetchLoop(request);
      case "/object-loop":
        return object().fetch(request);
      case "/put":
        await BUCKET.put("object", request.body);
        break;
      case "/pipe":
        return new Response((await BUCKET.get("object"))?.body);
      case "/hop":
        await object().hop();
    }
    return new Response("done");
  },
} satisfies ExportedHandler<Env>;
