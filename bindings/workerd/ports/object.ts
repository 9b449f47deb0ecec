// Objects, in R2. Once stored they never change.
import { Fault, type Result, Writer } from "../frame.ts";
import type { Port } from "./port.ts";

const stored = (existed: boolean, size: number, checksum: string): Uint8Array =>
  new Writer().bool(existed).varint(size).text(checksum).take();

/** Frees its memory now: the collector lets tens of megabytes of these pile up. */
function release({ buffer }: Uint8Array): void {
  (buffer as ArrayBuffer).transfer(0);
}

/** Reads the content until it is stored. */
export async function putObject(
  bucket: R2Bucket,
  key: string,
  checksum: string,
  content: Uint8Array,
): Promise<Result> {
  const size = content.length;
  const options = { onlyIf: { etagDoesNotMatch: "*" }, customMetadata: { checksum } };
  if (await bucket.put(key, content, options)) return stored(false, size, checksum);

  const there = await bucket.head(key);
  if (!there) return Fault.lost;
  return stored(true, there.size, there.customMetadata?.["checksum"] ?? "");
}

export const objectPut =
  (bucket: R2Bucket): Port =>
  async (ask) => {
    const [key, checksum, content] = [ask.text(), ask.text(), ask.rest()];
    const result = await putObject(bucket, key, checksum, content);
    release(content);
    return result;
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
