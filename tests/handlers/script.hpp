// Operations as scripts: which effects an operation asks for, what it is given, how it ends.
//
//   Script(authorized("GET", "/v1/files/" + id))
//       .expects(Tell{tenant, FindFile{.id = id}}).gives(row)
//       .answers(200, [](const Answer& answer) { CHECK(answer.text("id") == id); });
//
// Effects that wait side by side are answered in the order of the script, whatever the order in
// which they were asked for. `answers` and `ends` play the script, and then again by themselves:
//
//   - once for each step and fault that it can meet, with everything after it lost as well. What is
//   promised of every
//     operation is checked then: it ends, it asks for no more than `effects_count_max` effects
//     until then, and it answers with an error in the dialect's envelope and with a request id.
//     Success is none of its answers then, unless the script says of that step that it
//     `may_fail()`.
//   - once for each step with the operation dropped there.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/text/entropy.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/operation.hpp"

namespace edgebatch::script {

constexpr Ms began_at = 1'790'000'000'000;  // The clock when an operation begins.
constexpr View seed = "a seed of thirty-two bytes, kept";
constexpr std::size_t effects_count_max = 2'000;  // Of an operation that nobody answers.

/// What an operation has answered.
class Answer {
 public:
  explicit Answer(http::Response response);

  std::uint32_t status() const { return response_.status; }
  std::optional<View> header(View name) const;
  std::size_t headers_count(View name) const;
  const std::vector<http::Section>& sections() const;
  View body() const;

  /// The member of the JSON body at that path (`error/code`, `data/0/id`). Must be there.
  json::Value at(View path) const;
  Bytes text(View path) const;           // … which is a string,
  std::int64_t number(View path) const;  // … an integer,
  bool truth(View path) const;           // … or a boolean.

 private:
  http::Response response_;
};

/// How an operation begins.
struct Scene {
  Config config = read_config({});
  Bytes input;  // An encoded request, or a task.
  bool is_task = false;

  std::unique_ptr<ports::Operation> begin() const;
};

/// A request as a scene. Headers may be added.
Scene request(View method, View target, std::vector<http::Header> headers = {});
template <class Task>
Scene task(const Task& input) {
  return {.config = read_config({}), .input = ports::encode_command(input), .is_task = true};
}

// ---- Effects and their results as bytes

template <class E>
inline constexpr bool is_tell = false;
template <class Command>
inline constexpr bool is_tell<ports::Tell<Command>> = true;

/// What a host would answer, without the byte for the fault.
template <ports::Effect E>
Bytes encode_result(const typename E::Result& result) {
  if constexpr (std::is_same_v<typename E::Result, Bytes>) {
    static_assert(!is_tell<E>, "a reply that is bytes has a size in front");
    return result;
  } else {
    return wire::encode(result);
  }
}

/// The effect that a payload came from; nothing if it is another.
template <ports::Effect E>
std::optional<E> decode_effect(View payload) {
  wire::Reader in(payload);
  E effect{};
  if constexpr (is_tell<E>) {
    ports::Address to;
    Bytes name;
    in.value(to);
    in.value(name);
    in.value(effect.command);
    effect.to = to.name;
    if (!in.ok() || name != decltype(effect.command)::name ||
        to.kind != decltype(effect.command)::actor)
      return std::nullopt;
  } else if constexpr (std::is_same_v<E, ports::PutObject>) {
    in.value(effect.key);
    in.value(effect.checksum);
    if (!in.ok()) return std::nullopt;
    wire::Writer front;
    front.value(effect.key);
    front.value(effect.checksum);
    effect.content = payload.substr(front.take().size());
    return effect;
  } else if constexpr (std::is_same_v<E, ports::Sleep>) {
    effect.duration = static_cast<Ms>(in.varint());
    if (!in.ok()) return std::nullopt;
  } else {
    in.value(effect);
    if (!in.ok()) return std::nullopt;
  }
  if (!in.empty()) return std::nullopt;
  return effect;
}

/// One effect that a script expects, and what becomes of it.
struct Step {
  ports::Port port = ports::Port::done;
  Bytes expected;                     // In words, for whoever reads a failure.
  std::function<bool(View)> matches;  // Its payload.
  std::function<Bytes(View)> result;  // With the byte for the fault. None: it stays unanswered.
  bool may_fail = false;
  bool absent = false;  // No such effect waits now.
  Ms later = 0;         // How much time goes by before it is answered.
};

/// A payload for people.
Bytes in_words(ports::Port port, View payload);

class Script;

/// An effect that was just expected: what does it get?
template <ports::Effect E>
class Asked {
 public:
  explicit Asked(Script& script) : script_(script) {}

  Script& gives(const typename E::Result& result = {});
  /// What it gets depends on how it was asked for.
  Script& gives_to(std::function<typename E::Result(const E&)> answer);
  Script& fails(ports::Fault fault);
  /// It waits until the operation ends without it.
  Script& is_left();

 private:
  Script& script_;
};

class Script {
 public:
  explicit Script(Scene scene) : scene_(std::move(scene)) {}

  /// Exactly this effect is asked for.
  template <ports::Effect E>
  Asked<E> expects(const E& effect) {
    Bytes payload = effect.encode();
    Bytes words = in_words(E::port, payload);
    steps_.push_back(
        {.port = E::port,
         .expected = std::move(words),
         .matches = [payload = std::move(payload)](View asked) { return asked == payload; },
         .result = {}});
    return Asked<E>(*this);
  }
  /// An effect of this kind for which `fits` holds.
  template <ports::Effect E>
  Asked<E> expects_one(std::function<bool(const E&)> fits) {
    steps_.push_back({.port = E::port,
                      .expected = "one that fits",
                      .matches =
                          [fits = std::move(fits)](View asked) {
                            const auto effect = decode_effect<E>(asked);
                            return effect && fits(*effect);
                          },
                      .result = {}});
    return Asked<E>(*this);
  }
  /// None of this kind for which `fits` holds is asked for yet.
  template <ports::Effect E>
  Script& nobody_asks(std::function<bool(const E&)> fits = [](const E&) { return true; }) {
    (void)expects_one<E>(std::move(fits));
    steps_.back().expected = "none of them";
    steps_.back().absent = true;
    return *this;
  }
  /// A timer that goes off.
  Script& sleeps(Ms duration) { return expects(ports::Sleep{duration}).gives(); }

  /// What was expected last may fail, and the operation may succeed all the same.
  Script& may_fail() {
    steps_.back().may_fail = true;
    return *this;
  }
  /// What was expected last takes so long.
  Script& takes(Ms duration) {
    steps_.back().later = duration;
    return *this;
  }
  Script& result(std::function<Bytes(View)> result) {
    steps_.back().result = std::move(result);
    return *this;
  }
  /// Lets an edit be repeated: `script.then(uploads_parts)`.
  Script& then(const std::function<void(Script&)>& edit) {
    edit(*this);
    return *this;
  }

  /// The operation answers so.
  void answers(std::uint32_t status, const std::function<void(const Answer&)>& check = {}) const;
  /// The task ends.
  void ends() const;
  /// The same of a script that is too long to be played again.
  void ends_once() const;

 private:
  void play(std::uint32_t status, const std::function<void(const Answer&)>& check) const;
  void play_again() const;

  Scene scene_;
  std::vector<Step> steps_;
};

template <ports::Effect E>
Script& Asked<E>::gives(const typename E::Result& result) {
  return script_.result(
      [bytes = Bytes(1, '\0') + encode_result<E>(result)](View) { return bytes; });
}

template <ports::Effect E>
Script& Asked<E>::gives_to(std::function<typename E::Result(const E&)> answer) {
  return script_.result([answer = std::move(answer)](View asked) {
    return Bytes(1, '\0') + encode_result<E>(answer(*decode_effect<E>(asked)));
  });
}

template <ports::Effect E>
Script& Asked<E>::fails(ports::Fault fault) {
  return script_.result([fault](View) { return Bytes(1, static_cast<char>(fault)); });
}

template <ports::Effect E>
Script& Asked<E>::is_left() {
  return script_;
}

// ---- Requests of a tenant

constexpr View key = "eb-dev";
inline const Bytes tenant = "dev";

/// A request with a good key, whose check is the script's first step.
Script authorized(View method, View target, std::vector<http::Header> headers = {},
                  const Config& config = read_config({}));
/// The body of a request, in one piece.
Script& with_body(Script& script, View body);

/// What is drawn from the seed, in the order in which the operations draw.
class Drawn {
 public:
  Drawn() : entropy_(seed) {}
  Bytes request_id();
  Bytes sortable_id(View prefix);
  std::uint64_t number() { return entropy_.draw_u64(); }
  text::Entropy& rest() { return entropy_; }

 private:
  text::Entropy entropy_;
};

}  // namespace edgebatch::script
