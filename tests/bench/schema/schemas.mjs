// Five schemas as people extract with them, and answers as models give: each fits its schema.

const string = { type: "string" };
const closed = (properties, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

// The same numbers on every machine and in every run.
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const words = ("invoice paid large blue steel river measure because naïve café 東京 nothing further within seven " +
  "patient daily review window value \"quoted\" line\nbreak").split(" ");
const prose = (roll, count) => Array.from({ length: count }, () => words[roll(words.length)]).join(" ");
const date = (roll) => `20${10 + roll(15)}-0${1 + roll(9)}-${10 + roll(18)}`;
const cents = (roll, top) => roll(top * 100) / 100;

const invoice = {
  schema: closed({
    number: { type: "string", pattern: "^[A-Z]{2}-\\d{4,8}$" },
    issued: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "ISO date" },
    currency: { enum: ["EUR", "USD", "GBP", "CHF", "JPY"] },
    seller: closed({ name: { ...string, minLength: 1 }, vat_id: { type: ["string", "null"] }, address: string }),
    buyer: closed({ name: { ...string, minLength: 1 }, vat_id: { type: ["string", "null"] }, address: string }),
    lines: {
      type: "array",
      minItems: 1,
      items: closed({
        text: string,
        quantity: { type: "integer", minimum: 1 },
        price: { type: "number", minimum: 0 },
        tax_rate: { enum: [0, 7, 19] },
      }),
    },
    total: { type: "number", minimum: 0 },
    paid: { type: "boolean" },
  }),
  answer: (roll) => ({
    number: `RE-${10_000 + roll(80_000)}`,
    issued: date(roll),
    currency: ["EUR", "USD", "GBP", "CHF", "JPY"][roll(5)],
    seller: { name: prose(roll, 2), vat_id: `DE${roll(1e9)}`, address: prose(roll, 5) },
    buyer: { name: prose(roll, 2), vat_id: null, address: prose(roll, 5) },
    lines: Array.from({ length: 4 + roll(8) }, () => ({
      text: prose(roll, 4),
      quantity: 1 + roll(20),
      price: cents(roll, 500),
      tax_rate: [0, 7, 19][roll(3)],
    })),
    total: cents(roll, 9_000),
    paid: roll(2) === 0,
  }),
};

const countries = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");
const categories = Array.from({ length: 60 }, (_, index) => `category-${index}`);
const product = {
  schema: closed({
    sku: { type: "string", minLength: 4, maxLength: 20 },
    title: { type: "string", minLength: 1, maxLength: 120 },
    category: { enum: categories },
    condition: { enum: ["new", "used", "refurbished"] },
    origin: { enum: countries },
    ships_to: { type: "array", items: { enum: countries }, uniqueItems: true },
    price: closed({ amount: { type: "number", exclusiveMinimum: 0 }, currency: { const: "EUR" } }),
    attributes: { type: "object", propertyNames: { maxLength: 40 }, additionalProperties: { type: ["string", "number"] } },
    stock: { type: "integer", minimum: 0, maximum: 100_000 },
  }),
  answer: (roll) => ({
    sku: `SKU${1_000 + roll(9_000)}`,
    title: prose(roll, 8),
    category: categories[roll(60)],
    condition: ["new", "used", "refurbished"][roll(3)],
    origin: countries[roll(29)],
    ships_to: countries.slice(roll(10), 12 + roll(10)),
    price: { amount: 1 + cents(roll, 200), currency: "EUR" },
    attributes: { colour: words[roll(9)], weight: cents(roll, 30), material: words[roll(9)], width: roll(900) },
    stock: roll(5_000),
  }),
};

const note = {
  schema: closed({
    patient: closed({ age: { type: "integer", minimum: 0, maximum: 130 }, sex: { enum: ["f", "m", "x"] } }),
    visits: {
      type: "array",
      items: closed({
        on: string,
        complaints: { type: "array", items: closed({ text: string, since_days: { type: ["integer", "null"] } }) },
        diagnoses: {
          type: "array",
          items: closed({
            code: { type: "string", pattern: "^[A-Z]\\d\\d(\\.\\d{1,2})?$" },
            certainty: { enum: ["confirmed", "suspected", "excluded"] },
            findings: { type: "array", items: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 4 } },
          }),
        },
        medication: {
          type: "array",
          items: {
            ...closed({ name: string, dose_mg: { type: "number" }, as_needed: { type: "boolean" } }),
            if: { properties: { as_needed: { const: true } } },
            then: { properties: { dose_mg: { maximum: 1_000 } } },
          },
        },
      }),
    },
  }),
  answer: (roll) => ({
    patient: { age: roll(100), sex: "fmx"[roll(3)] },
    visits: Array.from({ length: 3 }, () => ({
      on: date(roll),
      complaints: Array.from({ length: 3 }, () => ({ text: prose(roll, 8), since_days: roll(2) ? roll(90) : null })),
      diagnoses: Array.from({ length: 2 }, () => ({
        code: `K${10 + roll(80)}.${roll(9)}`,
        certainty: ["confirmed", "suspected", "excluded"][roll(3)],
        findings: Array.from({ length: 6 }, () => [roll(100), cents(roll, 10), cents(roll, 10)]),
      })),
      medication: Array.from({ length: 4 }, () => ({ name: prose(roll, 1), dose_mg: roll(900), as_needed: !roll(2) })),
    })),
  }),
};

const article = {
  schema: closed({
    title: { type: "string", minLength: 5, maxLength: 300 },
    slug: { type: "string", pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" },
    summary: { type: "string", minLength: 20, maxLength: 5_000 },
    sections: {
      type: "array",
      minItems: 1,
      items: closed({
        heading: { type: "string", minLength: 1, maxLength: 300 },
        body: { type: "string", minLength: 50, maxLength: 50_000 },
        quotes: { type: "array", items: { type: "string", pattern: "\\S" } },
      }),
    },
    keywords: { type: "array", items: { type: "string", minLength: 2, maxLength: 40 }, maxItems: 30 },
  }),
  answer: (roll) => ({
    title: prose(roll, 8),
    slug: `an-article-${roll(1e6)}`,
    summary: prose(roll, 60),
    sections: Array.from({ length: 6 }, () => ({
      heading: prose(roll, 5),
      body: prose(roll, 400),
      quotes: [prose(roll, 20), prose(roll, 20)],
    })),
    keywords: Array.from({ length: 10 }, () => `kw-${roll(1e6)}`),
  }),
};

const table = {
  schema: closed({
    rows: {
      type: "array",
      items: closed({
        id: { type: "integer" },
        name: { type: "string", maxLength: 80 },
        status: { enum: ["open", "closed", "pending"] },
        amount: { type: "number", minimum: -1e9, maximum: 1e9 },
        rate: { type: ["number", "null"] },
        day: { type: "string", minLength: 10, maxLength: 10 },
        checked: { type: "boolean" },
      }),
    },
  }),
  answer: (roll) => ({
    rows: Array.from({ length: 500 }, (_, id) => ({
      id,
      name: prose(roll, 3),
      status: ["open", "closed", "pending"][roll(3)],
      amount: cents(roll, 90_000) - 100,
      rate: roll(4) ? cents(roll, 1) : null,
      day: date(roll),
      checked: roll(2) === 0,
    })),
  }),
};

const kinds = {
  invoice: [invoice, 40],
  "catalogue entry": [product, 80],
  "medical note": [note, 20],
  "long article": [article, 5],
  "table of 500 rows": [table, 2],
};

export const names = Object.keys(kinds);
export const schemas = Object.fromEntries(names.map((name) => [name, kinds[name][0].schema]));

/** Texts that fit the schema of that name. */
export function answers(name) {
  const [{ answer }, count] = kinds[name];
  const roll = dice(7);
  return Array.from({ length: count }, () => JSON.stringify(answer(roll)));
}
