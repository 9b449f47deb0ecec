// A port: a total function from an effect's bytes to a platform call and back. What it throws is a
// lost answer. What it has under way ends with the operation, whose life it is given.
import type { Reader, Result } from "../frame.ts";
import type { Life } from "../life.ts";

export type Port = (ask: Reader, life: Life) => Promise<Result>;
