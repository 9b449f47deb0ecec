// Every host that gives verdicts. One has a `name` and `verdictOf(bytes)`, a promise of the
// verdict's JSON as a string, exactly as it was given, but for the end of a line behind it. If it
// needs more than a process for each file, it has `start()` and `stop()`, too.
import assert from "node:assert/strict";

import { native, run, wasi } from "./cli.mjs";

const command = (name, program) => ({
  name,
  async verdictOf(bytes) {
    const { code, stdout, stderr } = await run(program, ["validate", "--format=json", "-"], {
      input: bytes,
    });
    assert.equal(stderr, "");
    assert.match(stdout, /^[^\n]+\n$/);
    const verdict = stdout.slice(0, -1);
    assert.equal(code, verdict.startsWith('{"object":"batch.input.verdict","valid":true,') ? 0 : 1);
    return verdict;
  },
});

/** The first is the one that all others are compared to. */
export const hosts = [command("native", native), command("wasmtime", wasi())];
