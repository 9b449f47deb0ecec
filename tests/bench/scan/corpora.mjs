// Inputs of a batch as they come, about `bytes` of each. Every text of a corpus is different, but made
// from the same words, so that a run can be repeated.

/** Numbers that look random and are the same in every run (a linear congruence). */
function sequence(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const english =
  "the customer wrote that order had not arrived in time and asked us to look into it again because a refund was promised last week by somebody from support who never called back although there is a note about this in our system, which says: \"please wait\"; we are sorry.".split(
    " ",
  );
const nonLatin =
  "顧客は注文が届かないと書き、もう一度調べるよう求めた。 Заказчик написал, что заказ не пришёл вовремя. كتب العميل أن الطلب لم يصل في الوقت المحدد 고객이 주문이 도착하지 않았다고 썼습니다 😀🚚 ลูกค้าเขียนว่าคำสั่งซื้อยังไม่มาถึง".split(
    " ",
  );
const escaped = 'a\tb "quoted" \\path\\to\\file\n {"k":"v"} \r\n \u0007 </script> \u2028'.split(" ");

function textOf(words, count, next) {
  return Array.from({ length: count }, () => words[next(words.length)]).join(" ");
}

const request = (index, url, body) =>
  JSON.stringify({ custom_id: `request-${index}`, method: "POST", url, body });

const chat = (index, system, user) =>
  request(index, "/v1/chat/completions", {
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
    max_tokens: 1000,
    temperature: 0.2,
  });

const system =
  "You are a careful assistant.\nRead the ticket below and answer in one sentence.\nNever invent what isn't there.";

/** Name → line of an index; `next` gives numbers. */
const shapes = {
  openai: (index, next) => chat(index, system, textOf(english, 150 + next(300), next)),
  embeddings: (index, next) =>
    request(index, "/v1/embeddings", {
      model: "text-embedding-3-small",
      input: Array.from({ length: 200 + next(300) }, () => next(100_000)),
    }),
  "long strings": (index, next) => chat(index, system, textOf(english, 20_000, next)),
  escapes: (index, next) => chat(index, system, textOf(escaped, 300 + next(200), next)),
  "non-Latin": (index, next) => chat(index, system, textOf(nonLatin, 100 + next(100), next)),
  "tiny lines": (index) => request(index, "/v1/embeddings", { model: "m", input: "hi" }),
};

export const corpora = Object.keys(shapes);

const items_count_max = 50_000; // Of a batch.

/** The corpus as bytes: about so many, or as many as a batch's items have. */
export function corpus(name, bytes) {
  const next = sequence(7);
  const lines = [];
  for (let size = 0, index = 0; size < bytes && index < items_count_max; ++index) {
    const line = `${shapes[name](index, next)}\n`;
    size += line.length;
    lines.push(line);
  }
  return new TextEncoder().encode(lines.join(""));
}
