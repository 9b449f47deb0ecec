// Makes unicode_tables.hpp out of what this Node knows of Unicode: node core/pattern/unicode_tables.mjs.
//
// Everything hangs on the categories, which part all code points: they are runs, one category each. The
// scripts are runs, too, that go on through what no script has. A binary property, which mostly is a
// union of categories, is that union and the ranges where it differs; so is what a script has more, or
// less, as an extension.
import { writeFileSync } from "node:fs";

const end = 0x110000;
const columns = 100;

const categories = `Lu Uppercase_Letter|Ll Lowercase_Letter|Lt Titlecase_Letter|Lm Modifier_Letter|
Lo Other_Letter|Mn Nonspacing_Mark|Mc Spacing_Mark|Me Enclosing_Mark|Nd Decimal_Number digit|
Nl Letter_Number|No Other_Number|Pc Connector_Punctuation|Pd Dash_Punctuation|Ps Open_Punctuation|
Pe Close_Punctuation|Pi Initial_Punctuation|Pf Final_Punctuation|Po Other_Punctuation|Sm Math_Symbol|
Sc Currency_Symbol|Sk Modifier_Symbol|So Other_Symbol|Zs Space_Separator|Zl Line_Separator|
Zp Paragraph_Separator|Cc Control cntrl|Cf Format|Cs Surrogate|Co Private_Use|Cn Unassigned`;
const groups = `LC Cased_Letter|L Letter|M Mark Combining_Mark|N Number|P Punctuation punct|S Symbol|
Z Separator|C Other`;

// As of Unicode 17.
const scripts = `Adlm Adlam|Aghb Caucasian_Albanian|Ahom Ahom|Arab Arabic|Armi Imperial_Aramaic|
Armn Armenian|Avst Avestan|Bali Balinese|Bamu Bamum|Bass Bassa_Vah|Batk Batak|Beng Bengali|
Berf Beria_Erfe|Bhks Bhaiksuki|Bopo Bopomofo|Brah Brahmi|Brai Braille|Bugi Buginese|Buhd Buhid|
Cakm Chakma|Cans Canadian_Aboriginal|Cari Carian|Cham Cham|Cher Cherokee|Chrs Chorasmian|
Copt Coptic Qaac|Cpmn Cypro_Minoan|Cprt Cypriot|Cyrl Cyrillic|Deva Devanagari|Diak Dives_Akuru|
Dogr Dogra|Dsrt Deseret|Dupl Duployan|Egyp Egyptian_Hieroglyphs|Elba Elbasan|Elym Elymaic|
Ethi Ethiopic|Gara Garay|Geor Georgian|Glag Glagolitic|Gong Gunjala_Gondi|Gonm Masaram_Gondi|
Goth Gothic|Gran Grantha|Grek Greek|Gujr Gujarati|Gukh Gurung_Khema|Guru Gurmukhi|Hang Hangul|
Hani Han|Hano Hanunoo|Hatr Hatran|Hebr Hebrew|Hira Hiragana|Hluw Anatolian_Hieroglyphs|
Hmng Pahawh_Hmong|Hmnp Nyiakeng_Puachue_Hmong|Hung Old_Hungarian|Ital Old_Italic|Java Javanese|
Kali Kayah_Li|Kana Katakana|Kawi Kawi|Khar Kharoshthi|Khmr Khmer|Khoj Khojki|
Kits Khitan_Small_Script|Knda Kannada|Krai Kirat_Rai|Kthi Kaithi|Lana Tai_Tham|Laoo Lao|Latn Latin|
Lepc Lepcha|Limb Limbu|Lina Linear_A|Linb Linear_B|Lisu Lisu|Lyci Lycian|Lydi Lydian|Mahj Mahajani|
Maka Makasar|Mand Mandaic|Mani Manichaean|Marc Marchen|Medf Medefaidrin|Mend Mende_Kikakui|
Merc Meroitic_Cursive|Mero Meroitic_Hieroglyphs|Mlym Malayalam|Modi Modi|Mong Mongolian|Mroo Mro|
Mtei Meetei_Mayek|Mult Multani|Mymr Myanmar|Nagm Nag_Mundari|Nand Nandinagari|
Narb Old_North_Arabian|Nbat Nabataean|Newa Newa|Nkoo Nko|Nshu Nushu|Ogam Ogham|Olck Ol_Chiki|
Onao Ol_Onal|Orkh Old_Turkic|Orya Oriya|Osge Osage|Osma Osmanya|Ougr Old_Uyghur|Palm Palmyrene|
Pauc Pau_Cin_Hau|Perm Old_Permic|Phag Phags_Pa|Phli Inscriptional_Pahlavi|Phlp Psalter_Pahlavi|
Phnx Phoenician|Plrd Miao|Prti Inscriptional_Parthian|Rjng Rejang|Rohg Hanifi_Rohingya|Runr Runic|
Samr Samaritan|Sarb Old_South_Arabian|Saur Saurashtra|Sgnw SignWriting|Shaw Shavian|Shrd Sharada|
Sidd Siddham|Sidt Sidetic|Sind Khudawadi|Sinh Sinhala|Sogd Sogdian|Sogo Old_Sogdian|
Sora Sora_Sompeng|Soyo Soyombo|Sund Sundanese|Sunu Sunuwar|Sylo Syloti_Nagri|Syrc Syriac|
Tagb Tagbanwa|Takr Takri|Tale Tai_Le|Talu New_Tai_Lue|Taml Tamil|Tang Tangut|Tavt Tai_Viet|
Tayo Tai_Yo|Telu Telugu|Tfng Tifinagh|Tglg Tagalog|Thaa Thaana|Thai Thai|Tibt Tibetan|Tirh Tirhuta|
Tnsa Tangsa|Todr Todhri|Tols Tolong_Siki|Toto Toto|Tutg Tulu_Tigalari|Ugar Ugaritic|Vaii Vai|
Vith Vithkuqi|Wara Warang_Citi|Wcho Wancho|Xpeo Old_Persian|Xsux Cuneiform|Yezi Yezidi|Yiii Yi|
Zanb Zanabazar_Square|Zinh Inherited Qaai|Zyyy Common|Zzzz Unknown`;

// Of those that ECMA-262 lists, what texts are checked for. Left out are Bidi_Mirrored,
// Changes_When_*, Deprecated, Diacritic, Extender, Grapheme_*, IDS_*, Logical_Order_Exception, Math,
// Pattern_Syntax, Sentence_Terminal, Soft_Dotted and Terminal_Punctuation: they would be a quarter of
// all of this.
const binaries = `ASCII|ASCII_Hex_Digit AHex|Alphabetic Alpha|Any|Assigned|Bidi_Control Bidi_C|
Case_Ignorable CI|Cased|Dash|Default_Ignorable_Code_Point DI|Emoji|Emoji_Component EComp|
Emoji_Modifier EMod|Emoji_Modifier_Base EBase|Emoji_Presentation EPres|
Extended_Pictographic ExtPict|Hex_Digit Hex|ID_Continue IDC|ID_Start IDS|Ideographic Ideo|
Join_Control Join_C|Lowercase Lower|Noncharacter_Code_Point NChar|Pattern_White_Space Pat_WS|
Quotation_Mark QMark|Radical|Regional_Indicator RI|Unified_Ideograph UIdeo|Uppercase Upper|
Variation_Selector VS|White_Space space|XID_Continue XIDC|XID_Start XIDS`;

const rows = (text) => text.replaceAll("\n", "").split("|");
const first = (row) => row.split(" ")[0];

/** For each code point whether Node says that it has the property. */
function members(property) {
  const is = new RegExp(`^\\p{${property}}$`, "u");
  return Uint8Array.from({ length: end }, (_, point) => (is.test(String.fromCodePoint(point)) ? 1 : 0));
}

/** For each code point the number of the row that has it; all have to agree that it is in one. */
function partition(property, list) {
  const out = new Uint8Array(end).fill(255);
  list.forEach((row, index) => {
    members(`${property}=${first(row)}`).forEach((has, point) => {
      if (!has) return;
      if (out[point] !== 255) throw new Error(`${point.toString(16)} is in two rows`);
      out[point] = index;
    });
  });
  const none = out.indexOf(255);
  if (none >= 0) throw new Error(`${none.toString(16)} is in no row of ${property}`);
  return out;
}

function runs(values) {
  const out = [];
  for (let start = 0, point = 1; point <= end; ++point) {
    if (point < end && values[point] === values[start]) continue;
    out.push({ start, size: point - start, value: values[start] });
    start = point;
  }
  return out;
}

const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);

/** How many ranges differ, then for each how far it is behind the one before, and how long. */
function differences(a, b) {
  const ranges = runs(a.map((value, point) => value ^ b[point])).filter(({ value }) => value === 1);
  let behind = 0;
  return [
    ...varint(ranges.length),
    ...ranges.flatMap(({ start, size }) => {
      const gap = start - behind;
      behind = start + size;
      return [...varint(gap), ...varint(size)];
    }),
  ];
}

const categoryRows = rows(categories);
const scriptRows = rows(scripts);
const category = partition("gc", categoryRows);
const script = partition("sc", scriptRows);

// Three bits for the length of a short run, above them the category.
const categoryRuns = runs(category).flatMap(({ size, value }) =>
  size < 8 ? [(value << 3) | size] : [value << 3, ...varint(size)],
);

const scriptless = categoryRows.findIndex((row) => first(row) === "Cs"); // And those behind it.
const filled = script.slice();
filled.forEach((_, point) => {
  const unknown = first(scriptRows[script[point]]) === "Zzzz";
  if (unknown !== category[point] >= scriptless) throw new Error("Unknown isn't Cs, Co and Cn");
  if (unknown) filled[point] = filled[point - 1];
});
const scriptRuns = runs(filled).flatMap(({ size, value }) => [...varint(size), value]);

const extensions = scriptRows.flatMap((row, index) =>
  differences(
    members(`scx=${first(row)}`),
    script.map((value) => (value === index ? 1 : 0)),
  ),
);

/** The union of categories that differs in the fewest bytes, and in which. */
function binary(row) {
  const has = members(first(row));
  const encoded = (mask) => differences(has, category.map((value) => (mask >>> value) & 1));
  const counts = categoryRows.map(() => [0, 0]);
  has.forEach((is, point) => ++counts[category[point]][is]);
  let mask = counts.reduce((sum, [no, yes], index) => (yes > no ? sum | (1 << index) : sum), 0);
  let best = encoded(mask);
  for (let bit = 0; bit < categoryRows.length; ++bit) {
    const other = encoded(mask ^ (1 << bit));
    if (other.length < best.length) [best, mask] = [other, mask ^ (1 << bit)];
  }
  return [mask & 255, (mask >>> 8) & 255, (mask >>> 16) & 255, mask >>> 24, ...best];
}
const binaryRows = rows(binaries);

function wrapped(items, separator) {
  const lines = [""];
  for (const item of items) {
    const line = lines.at(-1) + item;
    if (line.length > columns - 6) lines.push(item);
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => `    ${separator}${line}${separator}`).join("\n");
}

const bytes = (name, values) =>
  `inline constexpr std::array<std::uint8_t, ${values.length}> ${name}{\n` +
  `${wrapped(values.map((value) => `${value},`), "")}\n};\n`;
const names = (name, list) =>
  `inline constexpr View ${name} =\n${wrapped(list.map((row) => `${row}|`), '"')};\n`;
const masks = rows(groups).map((group) => {
  const wanted = first(group) === "LC" ? /^(Lu|Ll|Lt)$/ : new RegExp(`^${first(group)}`);
  return categoryRows.reduce((sum, row, i) => (wanted.test(first(row)) ? sum | (1 << i) : sum), 0);
});

const header = `// Unicode ${process.versions.unicode}, made by unicode_tables.mjs, which says how it is written: don't edit.
#pragma once

#include <array>
#include <cstdint>

#include "core/text/bytes.hpp"

// clang-format off
namespace edgebatch::pattern::tables {

// A row for each, with all its names.
${names("category_names", categoryRows)}
${names("category_group_names", rows(groups))}
inline constexpr std::array<std::uint32_t, ${masks.length}> category_groups{
${wrapped(masks.map((mask) => `${mask >>> 0},`), "")}
};

inline constexpr std::uint32_t scriptless_categories = ${((2 ** categoryRows.length - 2 ** scriptless) >>> 0)};

${bytes("category_runs", categoryRuns)}
${names("script_names", scriptRows)}
${bytes("script_runs", scriptRuns)}
${bytes("script_extensions", extensions)}
${names("binary_names", binaryRows)}
${bytes("binaries", binaryRows.flatMap(binary))}
}  // namespace edgebatch::pattern::tables
`;
writeFileSync(new URL("unicode_tables.hpp", import.meta.url), header);
