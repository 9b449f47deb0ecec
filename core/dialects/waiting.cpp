#include "core/dialects/waiting.hpp"

#include "core/dialects/batch_view.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::dialects {

View waiting_reason(const Waiting& waiting) {
  switch (waiting.what) {
    case Waiting::For::upstream_refuses: return "upstream_refuses";
    case Waiting::For::upstream_unavailable: return "upstream_unavailable";
    case Waiting::For::retry: break;
  }
  return "retry";
}

Bytes waiting_message(const Waiting& waiting) {
  switch (waiting.what) {
    case Waiting::For::upstream_refuses:
      return "The model provider answers every request with " + text::decimal(waiting.status) +
             ". It is tried again with one request now and then.";
    case Waiting::For::upstream_unavailable:
      return "The model provider is unavailable, or asked to be left alone.";
    case Waiting::For::retry: break;
  }
  return "The model provider asked to repeat the requests that are left later.";
}

}  // namespace edgebatch::dialects
