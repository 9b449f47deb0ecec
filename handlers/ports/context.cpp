#include "handlers/ports/context.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/text/bytes.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports {

namespace {

bool is_subrequest(Port port) {
  switch (port) {
    case Port::timer:
    case Port::body:
    case Port::response:
    case Port::answer:
    case Port::answer_close: return false;
    default: return true;
  }
}

}  // namespace

std::uint32_t Context::ask(Port port, Bytes payload, Waiter& waiter) {
  if (is_subrequest(port)) ++subrequests_;
  const std::uint32_t id = ++last_id_;
  waiting_.emplace(id, &waiter);
  frames_.push_back({.id = id, .port = port, .payload = std::move(payload)});
  return id;
}

std::optional<Frame> Context::next_frame() {
  while (!frames_.empty()) {
    Frame frame = std::move(frames_.front());
    frames_.pop_front();
    if (waiting_.contains(frame.id)) return frame;  // Else it was dropped before the host saw it.
  }
  return std::nullopt;
}

void Context::resume(std::uint32_t id, Ms now, View result) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;

  now_ = std::max(now_, now);
  Waiter* const waiter = found->second;
  waiting_.erase(found);
  waiter->answer(result);
  run_ready();
}

void Context::run_ready() {
  while (!ready_.empty()) {
    const auto ready = ready_.front();
    ready_.pop_front();
    ready.resume();
  }
}

}  // namespace edgebatch::ports
