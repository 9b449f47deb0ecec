// Work side by side inside one operation. Lanes are children of whoever owns the `Lanes`:
// destroying it drops every lane where it stands.
#pragma once

#include <coroutine>
#include <utility>
#include <vector>

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

  /// Runs `lane` to its first wait.
  void start(Task<void> lane) { lanes_.emplace_back(std::move(lane)).start(context_); }

 private:
  Context& context_;
  std::vector<Task<void>> lanes_;
};

}  // namespace edgebatch::ports
