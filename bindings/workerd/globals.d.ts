// What workerd has and TypeScript's own library doesn't list yet.
interface Uint8Array {
  toBase64(): string;
}
interface ArrayBuffer {
  transfer(newByteLength?: number): ArrayBuffer;
}
