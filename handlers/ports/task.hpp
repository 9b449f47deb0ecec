// Coroutines over effects. `co_await` on an effect suspends until the host has carried it out; on a
// task, until the task has ended. The suspended frame is the wait: there is no other stack, and
// dropping a task drops all that it awaits.
#pragma once

#include <coroutine>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "core/text/bytes.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports {

template <class T>
class Task;

namespace detail {

/// An effect that is being awaited, whichever it is. It lives in the frame of the awaiting
/// coroutine.
class Awaited : public Waiter {
 public:
  Awaited(Context& context, Port port, Bytes frame);
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting);
  void answer(View result) final;

 protected:
  ~Awaited();

  /// What came, for as long as `answer` runs: it is read out before the coroutine goes on.
  View result() const { return result_; }

 private:
  Context& context_;
  Bytes frame_;
  Port port_;
  std::uint32_t id_ = 0;
  std::coroutine_handle<> waiting_;
  View result_;
};

/// Once an effect, not once an await: this is what most of an operation's code would be.
template <Effect E>
[[gnu::noinline]] Got<typename E::Result> read_result(View result) {
  if (result.empty()) return Fault::lost;
  const auto fault = static_cast<Fault>(result.front());
  if (fault != Fault::none) return fault;
  return E::decode(result.substr(1));
}

template <Effect E>
class EffectAwaiter final : public Awaited {
 public:
  EffectAwaiter(Context& context, const E& effect) : Awaited(context, E::port, effect.encode()) {}
  Got<typename E::Result> await_resume() { return read_result<E>(result()); }
};

class PromiseBase {
 public:
  Context* context = nullptr;  // Set before the first step.
  std::coroutine_handle<> continuation = std::noop_coroutine();

  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { std::abort(); }

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      return ended.promise().continuation;
    }
    void await_resume() const noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  template <Effect E>
  EffectAwaiter<E> await_transform(const E& effect) {
    return EffectAwaiter<E>(*context, effect);
  }
  template <class T>
  auto await_transform(Task<T>&& task) {
    return std::move(task).awaited_in(*context);
  }
  // Awaitables of this folder that need no translation, such as Event::Wait.
  template <class Awaitable>
    requires requires { typename Awaitable::IsPlainAwaitable; }
  Awaitable await_transform(Awaitable awaitable) {
    return awaitable;
  }

  /// `co_await Here{}`: the operation's context, at once.
  auto await_transform(Here) {
    struct Ready {
      Context& context;
      bool await_ready() const noexcept { return true; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      Context& await_resume() const noexcept { return context; }
    };
    return Ready{*context};
  }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& v) {
    value.emplace(std::forward<U>(v));
  }
  T take() {
    // Taken from what has ended, with a value. NOLINTNEXTLINE(bugprone-unchecked-optional-access)
    return std::move(*value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

/// Lazy: begins when it is awaited or started, and belongs to whoever holds it.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// For roots and lanes: runs to its first wait.
  void start(Context& context) {
    handle_.promise().context = &context;
    handle_.resume();
  }
  bool done() const { return handle_.done(); }
  T take() { return handle_.promise().take(); }

  auto awaited_in(Context& context) && {
    struct Awaiter {
      Task task;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
        task.handle_.promise().continuation = waiting;
        return task.handle_;
      }
      T await_resume() { return task.take(); }
    };
    handle_.promise().context = &context;
    return Awaiter{std::move(*this)};
  }

 private:
  Handle handle_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>{std::coroutine_handle<Promise<T>>::from_promise(*this)};
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>{std::coroutine_handle<Promise<void>>::from_promise(*this)};
}

}  // namespace detail

}  // namespace edgebatch::ports
