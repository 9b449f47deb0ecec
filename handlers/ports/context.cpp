#include "handlers/ports/context.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports {

namespace {

bool is_subrequest(Port port) {
  switch (port) {
    case Port::timer:
    case Port::body:
    case Port::body_digest:
    case Port::room:
    case Port::response:
    case Port::answer:
    case Port::answer_close: return false;
    default: return true;
  }
}

}  // namespace

std::vector<Context::Waiting>::iterator Context::find(std::uint32_t id) {
  const auto found = std::ranges::lower_bound(waiting_, id, {}, &Waiting::first);
  return found != waiting_.end() && found->first == id ? found : waiting_.end();
}

std::uint32_t Context::ask(Port port, Bytes payload, Waiter& waiter) {
  if (is_subrequest(port)) ++subrequests_;
  const std::uint32_t id = ++last_id_;
  waiting_.emplace_back(id, &waiter);
  frames_.push_back({.id = id, .port = port, .payload = std::move(payload)});
  return id;
}

void Context::forget(std::uint32_t id) {
  if (const auto found = find(id); found != waiting_.end()) waiting_.erase(found);
}

std::optional<Frame> Context::next_frame() {
  while (told_ < frames_.size()) {
    Frame& frame = frames_[told_++];
    if (find(frame.id) != waiting_.end()) return std::move(frame);
    // Else it was dropped before the host saw it.
  }
  frames_.clear();
  told_ = 0;
  return std::nullopt;
}

void Context::resume(std::uint32_t id, Ms now, View result) {
  const auto found = find(id);
  if (found == waiting_.end()) return;

  now_ = std::max(now_, now);
  Waiter* const waiter = found->second;
  waiting_.erase(found);
  waiter->answer(result);
  run_ready();
}

void Context::run_ready() {
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    const auto ready = ready_[i];  // What it makes ready in turn comes behind, and may move all.
    ready.resume();
  }
  ready_.clear();
}

}  // namespace edgebatch::ports
