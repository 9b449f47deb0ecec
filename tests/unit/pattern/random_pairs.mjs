// Random patterns, each with texts: grown from ECMA-262's grammar, and broken copies of those and of
// patterns that people use. The same seed makes the same ones.
const used = [
  "^\\d{4}-\\d{2}-\\d{2}$",
  "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$",
  "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
  "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
  "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$",
  "^\\+?[1-9]\\d{1,14}$",
  "^(\\([0-9]{3}\\))?[0-9]{3}-[0-9]{4}$",
  "^#(?:[0-9a-fA-F]{3}){1,2}$",
  "^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$",
  "^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$",
  "^((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)$",
  "^https?:\\/\\/[\\w.-]+(?::\\d+)?(?:\\/\\S*)?$",
  "^v?(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$",
  "^[a-z0-9]+(?:-[a-z0-9]+)*$",
  "^(?<year>\\d{4})/(?<month>\\d\\d)$",
  "^\\p{Lu}[\\p{L}\\p{M}'’ -]*$",
  "\\bfoo\\b|\\Bbar\\B",
  "^\\s*(.*?)\\s*$",
  "^(true|false|null|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)$",
  "^\\$\\{[A-Z_]+\\}$",
  "^[\\u4e00-\\u9fa5]{2,4}$",
  "^[\\u{1F300}-\\u{1FAFF}\\u2600-\\u27BF]+$",
  "^x-",
  "^(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=)?$",
];

/** Numbers below 1, the same ones for the same seed. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const characters = [..."aaabbbc01_- zZ.\n\u2028éßλЖ中\u0301\u00a0\ufeff😀𝒜/^$\"'"];
const syntax = [..."^$\\.*+?()[]{}|/-,:=!<>&~dDwWsSbBpPuxck0129nrtvfaLN\u00e9😀"];
const pieces = ["\\p{L}", "\\u{61}", "{2}", "{1,3}", "{2,}", "{,2}", "(?:", "(?<n>", "(?=", "(?<!", "(?i:", "\\b", "\\B",
  "[^", "[a-", "*?", "\\1", "\\k<n>", "\\x61", "\\u0061", "\\uD83D\\uDE00", "\\cJ", "\\0", "\\00", "[]", "[^]", "(?P<n>"];
const sets = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\p{L}", "\\P{L}", "\\p{Lu}", "\\p{Ll}", "\\p{N}", "\\p{sc=Greek}",
  "\\p{Script=Han}", "\\p{scx=Latn}", "\\p{Emoji}", "\\p{Alphabetic}", "\\P{ASCII}", "\\p{White_Space}", "\\p{M}", "\\p{gc=Po}"];
const escapes = ["\\n", "\\t", "\\x61", "\\u0062", "\\u{1F600}", "\\uD83D\\uDE00", "\\u00e9", "\\.", "\\/", "\\$", "\\cJ", "\\0",
  "\\[", "\\u2028", "\\v", "\\f", "\\r", "\\\\"];

export class Maker {
  constructor(seed) {
    this.random = random(seed);
    this.names = 0;
  }

  below(count) {
    return Math.floor(this.random() * count);
  }
  of(list) {
    return list[this.below(list.length)];
  }
  chance(of) {
    return this.random() < of;
  }

  character() {
    const c = this.of(characters);
    return "^$\\.*+?()[]{}|/".includes(c) ? `\\${c}` : c;
  }

  inClass() {
    if (this.chance(0.2)) return this.of(sets);
    if (this.chance(0.15)) return this.of(escapes.filter((e) => e !== "\\$x"));
    if (this.chance(0.25)) {
      const [a, b] = [this.of(characters), this.of(characters)].sort((x, y) => x.codePointAt(0) - y.codePointAt(0));
      const plain = (c) => (/[\\\]^-]/u.test(c) ? `\\${c}` : c);
      return `${plain(a)}-${plain(b)}`;
    }
    const c = this.of(characters);
    return /[\\\]^-]/u.test(c) ? `\\${c}` : c;
  }

  class() {
    const count = this.below(4) + (this.chance(0.95) ? 1 : 0);
    return `[${this.chance(0.3) ? "^" : ""}${Array.from({ length: count }, () => this.inClass()).join("")}]`;
  }

  atom(depth) {
    const kind = this.random();
    if (kind < 0.45 || depth <= 0) return this.character();
    if (kind < 0.55) return this.class();
    if (kind < 0.6) return this.of(sets);
    if (kind < 0.64) return this.of(escapes);
    if (kind < 0.7) return ".";
    const inside = this.choice(depth - 1);
    if (kind < 0.85) return `(${inside})`;
    if (kind < 0.97) return `(?:${inside})`;
    return `(?<n${++this.names}>${inside})`;
  }

  term(depth) {
    const kind = this.random();
    if (kind < 0.03) return "^";
    if (kind < 0.06) return "$";
    if (kind < 0.1) return "\\b";
    if (kind < 0.13) return "\\B";
    const atom = this.atom(depth);
    const quantified = this.random();
    if (quantified > 0.4) return atom;
    const lazy = this.chance(0.15) ? "?" : "";
    if (quantified < 0.27) return atom + this.of(["*", "+", "?"]) + lazy;
    const min = this.below(4);
    return `${atom}${this.of([`{${min}}`, `{${min},}`, `{${min},${min + this.below(4)}}`])}${lazy}`;
  }

  choice(depth) {
    const sequence = () => Array.from({ length: this.below(4) + (this.chance(0.9) ? 1 : 0) }, () => this.term(depth)).join("");
    return Array.from({ length: this.chance(0.7) ? 1 : 2 + this.below(2) }, sequence).join("|");
  }

  grown() {
    this.names = 0;
    const pattern = this.choice(1 + this.below(3));
    return this.chance(0.2) ? `^(?:${pattern})$` : pattern;
  }

  broken(pattern) {
    const points = [...pattern];
    for (let edits = 1 + this.below(3); edits > 0; --edits) {
      const at = this.below(points.length + 1);
      const kind = this.random();
      if (kind < 0.35) points.splice(at, 1);
      else if (kind < 0.7) points.splice(at, 0, this.of(syntax));
      else if (kind < 0.85) points.splice(at, 1, this.of(syntax));
      else points.splice(at, 0, ...this.of(pieces));
    }
    return points.join("");
  }

  pattern() {
    const kind = this.random();
    if (kind < 0.5) return this.grown();
    if (kind < 0.75) return this.broken(this.grown());
    return kind < 0.8 ? this.of(used) : this.broken(this.of(used));
  }

  /** Characters of the pattern itself, so that some texts match, and others. */
  text(pattern) {
    const own = [...pattern.replace(/\\[a-zA-Z]|[()*+?|]/gu, "")].filter((c) => !/[\ud800-\udfff]/u.test(c));
    const size = this.below(this.chance(0.1) ? 24 : 9);
    const from = this.random();
    const pick = () => (own.length && this.random() < from ? this.of(own) : this.of(characters));
    if (own.length && this.chance(0.25)) {
      const at = this.below(own.length);
      return own.slice(at, at + size).join("");
    }
    return Array.from({ length: size }, pick).join("");
  }
}
