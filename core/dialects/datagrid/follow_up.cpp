#include "core/dialects/datagrid/follow_up.hpp"

#include "core/json/writer.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr View asked_again =
    "\n\nAnswer again, with one JSON object that fits the schema, and with nothing else: no words "
    "around it, and no code fence.";

void append_message(Bytes& out, View role, View content) {
  json::Writer message;
  message.begin_object().member("role", role).member("content", content).end_object();
  out.append(",").append(message.take());
}

}  // namespace

Bytes follow_up_messages(const FollowUp& follow_up) {
  Bytes out;
  // Some providers refuse a message without content.
  if (!follow_up.said.empty())
    append_message(out, "assistant", problem::excerpt(follow_up.said, said_chars_max));
  append_message(out, "user", follow_up.why + Bytes(asked_again));
  return out;
}

}  // namespace edgebatch::dialects::datagrid
