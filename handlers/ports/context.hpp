// What the coroutines of one operation share: the effects they wait for, the clock and the
// randomness that the host gave them.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports {

/// Who waits for an effect's result.
class Waiter {
 public:
  virtual void answer(View result) = 0;

 protected:
  ~Waiter() = default;
};

/// `Context& context = co_await Here{};`
struct Here {};

/// An effect on its way to the host.
struct Frame {
  std::uint32_t id = 0;  // Unique in its operation; 0 is the operation's end.
  Port port = Port::done;
  Bytes payload;
};

class Context {
 public:
  Context(Ms now, View seed) : now_(now), entropy_(seed) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// The host's clock when it last spoke to this operation; never goes back.
  Ms now() const { return now_; }
  text::Entropy& entropy() { return entropy_; }
  /// How many effects were asked for so far that a platform counts as requests of its own.
  std::uint32_t subrequests() const { return subrequests_; }

  std::uint32_t ask(Port port, Bytes payload, Waiter& waiter);
  void forget(std::uint32_t id);

  /// Resumes a coroutine as soon as the one that runs now waits.
  void later(std::coroutine_handle<> ready) { ready_.push_back(ready); }
  void run_ready();

  /// The next effect to carry out, oldest first.
  std::optional<Frame> next_frame();

  /// Hands a result to who waits for it; results that nobody waits for (any more) are dropped.
  void resume(std::uint32_t id, Ms now, View result);

 private:
  using Waiting = std::pair<std::uint32_t, Waiter*>;

  /// The effect's place in `waiting_`, its end if nobody waits for it (any more).
  std::vector<Waiting>::iterator find(std::uint32_t id);

  Ms now_;
  text::Entropy entropy_;
  std::uint32_t last_id_ = 0;
  std::uint32_t subrequests_ = 0;
  std::vector<Frame> frames_;  // Those from `told_` on are still to be told.
  std::size_t told_ = 0;
  std::vector<Waiting> waiting_;  // By id, which is the order they come in.
  std::vector<std::coroutine_handle<>> ready_;
};

}  // namespace edgebatch::ports
