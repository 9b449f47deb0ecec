// One operation under way: a request being answered, or a task that a turn asked for.
#pragma once

#include <optional>
#include <tuple>
#include <utility>

#include "core/http/message.hpp"
#include "core/text/wire.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::ports {

/// What a host hands over when an operation begins.
struct Beginning {
  Ms now = 0;
  Bytes seed;   // 32 random bytes.
  Bytes input;  // An encoded http::Request, or a task of a turn.

  static constexpr auto fields = std::tuple(&Beginning::now, &Beginning::seed, &Beginning::input);
};

class Operation {
 public:
  Operation(Ms now, View seed, Task<http::Response> root)
      : context_(now, seed), root_(std::move(root)) {
    root_.start(context_);
    context_.run_ready();
  }

  /// The next effect for the host to carry out; at the operation's end, once, a frame of Port::done
  /// with the encoded http::Response. Nothing: wait for a result.
  std::optional<Frame> next_frame() {
    if (auto frame = context_.next_frame()) return frame;
    if (!root_.done() || told_end_) return std::nullopt;
    told_end_ = true;
    return Frame{.id = 0, .port = Port::done, .payload = wire::encode(root_.take())};
  }

  void resume(std::uint32_t id, Ms now, View result) { context_.resume(id, now, result); }

 private:
  Context context_;
  Task<http::Response> root_;  // Behind the context, so that it goes first.
  bool told_end_ = false;
};

}  // namespace edgebatch::ports
