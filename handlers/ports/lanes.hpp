// Work side by side inside one operation. Lanes are children of whoever owns the `Lanes`:
// destroying it drops every lane where it stands.
#pragma once

#include <coroutine>
#include <list>
#include <utility>

#include "handlers/ports/context.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::ports {

/// A condition that one coroutine waits for and others announce. Once set it stays set. The waiter
/// goes on only when the announcing coroutine waits itself, so that it may drop that one.
class Event {
 public:
  struct Wait {
    using IsPlainAwaitable = void;
    Event& event;
    bool await_ready() const noexcept { return event.set_; }
    void await_suspend(std::coroutine_handle<> waiting) const noexcept { event.waiting_ = waiting; }
    void await_resume() const noexcept {}
  };

  explicit Event(Context& context) : context_(context) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  Wait wait() { return Wait{*this}; }
  bool is_set() const { return set_; }
  void set() {
    set_ = true;
    if (waiting_) context_.later(std::exchange(waiting_, {}));
  }

 private:
  Context& context_;
  bool set_ = false;
  std::coroutine_handle<> waiting_;
};

class Lanes {
 public:
  explicit Lanes(Context& context) : context_(context) {}

  /// Runs `lane` to its first wait. Lanes that have ended make room.
  void start(Task<void> lane) {
    reap();
    lanes_.push_back(std::move(lane));
    lanes_.back().start(context_);
  }

 private:
  // Looks at a few only, so that starting costs the same however many there are.
  void reap() {
    for (unsigned looked = 0; looked < 4 && !lanes_.empty(); ++looked) {
      if (!lanes_.front().done()) {
        lanes_.splice(lanes_.end(), lanes_, lanes_.begin());
        continue;
      }
      lanes_.pop_front();
    }
  }

  Context& context_;
  std::list<Task<void>> lanes_;
};

}  // namespace edgebatch::ports
