// Patterns that backtracking engines despair of, and strings that they despair at.

const bytesOf = (text) => new TextEncoder().encode(text).length;

/** As many of `piece` as fit into so many bytes, with `last` behind. */
const repeated = (piece, last = "") => (size) => piece.repeat(Math.floor((size - last.length) / bytesOf(piece))) + last;

// The same letters in every run.
function coins(size) {
  let state = 1;
  let text = "";
  for (let index = 0; index < size; ++index) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += state >>> 31 ? "a" : "b";
  }
  return text;
}

const words = Array.from({ length: 700 }, (_, index) => `prefix${index}`);

/** Bears any string well: what the others are compared to. */
export const benign = { pattern: "^[a-z0-9 .]*$", text: repeated("some text. ") };

/**
 * `text(size)`: a string of so many bytes. `explodes`: of so many characters it keeps RegExp busy for a good while,
 * but not for ever.
 */
export const evil = {
  "nested +": { pattern: "^(a+)+$", text: repeated("a", "!"), explodes: 25 },
  "overlapping choices": { pattern: "^(a|aa)+$", text: repeated("a", "!"), explodes: 30 },
  "equal choices": { pattern: "^(a|a)*b$", text: repeated("a"), explodes: 24 },
  "nested + and .": { pattern: "^(([a-z])+.)+[A-Z]([a-z])+$", text: repeated("a"), explodes: 30 },
  "x+x+": { pattern: "(x+x+)+y", text: repeated("x"), explodes: 24 },
  "nested *": { pattern: "^(.*)*\\d$", text: repeated("x"), explodes: 24 },
  "optional ones": { pattern: "^(a?){30}a{30}$", text: repeated("a") },
  "words and spaces": { pattern: "^(\\w+\\s?)*$", text: repeated("w", "!"), explodes: 25 },
  "three .*": { pattern: ".*.*=.*", text: repeated("x") },
  "counted .*": { pattern: "^(.*a){12}c$", text: coins },
  "2^15 states": { pattern: "a[ab]{14}c", text: coins },
  "as many positions as may be": { pattern: "a[ab]{8000}c", text: coins },
  "as many jumps as may be": { pattern: `^(?:${"(?:a?b?)?".repeat(100)}c)*$`, text: repeated(`${coins(99)}c`) },
  "700 words": { pattern: `^(?:(?:${words.join("|")}) )*$`, text: repeated(`${words.join(" ")} `, "!") },
  "classes of Unicode": {
    pattern: "^(?:[\\p{L}\\p{M}]+[\\p{P}\\p{Zs}]?)*\\p{Lu}$",
    text: repeated("naïve 東京, Ωμέγα, "),
  },
  "edges of words": { pattern: "^(?:\\b\\w+\\b ?)*$", text: repeated("word ", "!") },
};
