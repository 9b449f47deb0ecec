// The instant provider: the same answer to everything. /large/… answers with 8,000 characters more.
const answerOf = (content) =>
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1700000000,
    model: "bench",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 },
  });

const small = answerOf("An answer of the usual kind, as models give it to short questions. ".repeat(3));
const large = answerOf("0123456789abcdef".repeat(500));
const headers = { "content-type": "application/json" };

export default {
  fetch: ({ url }) => new Response(url.includes("/large/") ? large : small, { headers }),
};
