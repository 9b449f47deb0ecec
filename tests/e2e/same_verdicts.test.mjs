// One core, one verdict: every host says the same of every file of tests/corpus, byte for byte; and
// of those that are checked in, what was agreed upon. REBASE=1 agrees upon what is said now.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { agree, agreed, checkedIn, files } from "../corpus/corpus.mjs";
import { hosts } from "./verdict_hosts.mjs";

const [first, ...others] = hosts;
const shown = 300; // Characters of a verdict around the first that differs.

/** Two long lines: only where they differ is of interest. */
function assertSame(said, wanted, whose) {
  if (said === wanted) return;
  let from = 0;
  while (said[from] === wanted[from]) from += 1;
  const near = (text) => text.slice(Math.max(0, from - shown), from + shown);
  assert.equal(near(said), near(wanted), `${whose} at character ${from}`);
}

before(async () => {
  for (const host of hosts) await host.start?.();
});
after(async () => {
  for (const host of hosts) await host.stop?.();
});

test("verdicts: a file of the corpus → what was agreed upon", async () => {
  for (const { name, bytes } of checkedIn()) {
    const said = await first.verdictOf(bytes);
    if (process.env.REBASE) agree(name, said);
    assertSame(said, agreed(name) ?? "", name);
  }
});

describe("verdicts: any file of the corpus → the same bytes on every host", () => {
  for (const host of others) {
    test(`${host.name} says what ${first.name} says`, async () => {
      for (const { name, bytes } of files()) {
        const [wanted, said] = await Promise.all([first.verdictOf(bytes), host.verdictOf(bytes)]);
        assertSame(said, wanted, `${host.name} of ${name}`);
      }
    });
  }
});
