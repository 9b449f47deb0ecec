// Objects, in R2. Once stored they never change.
import { Fault, Writer } from "../frame.ts";
import type { Port } from "./port.ts";

const stored = (existed: boolean, size: number, checksum: string): Uint8Array =>
  new Writer().bool(existed).varint(size).text(checksum).take();

/** Frees its memory now: the collector lets tens of megabytes of these pile up. */
function release({ buffer }: Uint8Array): void {
  (buffer as ArrayBuffer & { transfer(size: number): ArrayBuffer }).transfer(0);
}

export const objectPut =
  (bucket: R2Bucket): Port =>
  async (ask) => {
    const key = ask.text();
    const checksum = ask.text();
    const content = ask.rest();
    const options = { onlyIf: { etagDoesNotMatch: "*" }, customMetadata: { checksum } };
    const size = content.length;
    const put = await bucket.put(key, content, options);
    release(content);
    if (put) return stored(false, size, checksum);

    const there = await bucket.head(key);
    if (!there) return Fault.lost;
    return stored(true, there.size, there.customMetadata?.["checksum"] ?? "");
  };

export const objectGet =
  (bucket: R2Bucket): Port =>
  async (ask) => {
    const key = ask.text();
    const offset = ask.varint();
    const length = ask.optional(() => ask.varint());
    const range = length === undefined ? { offset } : { offset, length };
    const whole = offset === 0 && length === undefined; // No range fits an empty object.
    const object = await bucket.get(key, whole ? {} : { range });
    return object ? new Uint8Array(await object.arrayBuffer()) : Fault.absent;
  };

/** Erases a page of the objects under a prefix, and tells whether there are more. */
export const objectErase =
  (bucket: R2Bucket): Port =>
  async (ask) => {
    const { objects, truncated } = await bucket.list({ prefix: ask.text() });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    return new Writer().bool(truncated).take();
  };
