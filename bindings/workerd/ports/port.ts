// A port: a total function from an effect's bytes to a platform call and back. What it throws is a
// lost answer. `over` is aborted when the operation ends.
import type { Reader, Result } from "../frame.ts";

export type Port = (ask: Reader, over: AbortSignal) => Promise<Result>;
