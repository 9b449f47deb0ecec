import assert from "node:assert/strict";
import { test } from "node:test";

import { file } from "./files.mjs";
import { configured, registries } from "./registries.mjs";

test("registries: a host name of this machine's registries, or a fixed registry → a message", () => {
  const hosts = ["packages.example"];
  const found = (path, text) => registries([file(path, text)], hosts).length;
  assert.equal(found("README.md", "npm from https://packages.example/npm/"), 1);
  assert.equal(found("package-lock.json", '      "resolved": "x.tgz",'), 1);
  assert.equal(found(".npmrc", "registry = somewhere"), 1);
  assert.equal(found("README.md", "npm ci"), 0);
  assert.equal(found("package-lock.json", '      "url": "https://funding.example/us"'), 0);
});

test("registries: npm's own registry is among those asked for", () => {
  assert.notEqual(configured().length, 0);
});
