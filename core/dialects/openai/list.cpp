#include "core/dialects/openai/list.hpp"

#include "core/dialects/openai/nullable.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

void append_list_head(json::Writer& out) {
  out.begin_object().member("object", "list").key("data").begin_array();
}

Bytes finish_list(json::Writer& out, View first_id, View last_id, bool has_more) {
  out.end_array();
  out.member("first_id", nullable(first_id));
  out.member("last_id", nullable(last_id));
  out.key("has_more").boolean(has_more);
  out.end_object();
  return out.take();
}

}  // namespace edgebatch::dialects::openai
