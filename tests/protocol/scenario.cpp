#include "tests/protocol/scenario.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/dialects/openai/input.hpp"
#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "core/text/wire.hpp"
#include "core/validation/index.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/table.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

using lifecycle::State;

namespace {

constexpr View tenant = "acme";
constexpr std::uint32_t refused_item = 1;   // The provider answers it with 400 …
constexpr std::uint32_t flaky_item = 2;     // … this one with 500 at first …
constexpr std::uint32_t broken_item = 4;    // … and this one with half a JSON object.
constexpr std::uint32_t patient_item = 3;   // Where a story has it so, this one has to wait …
constexpr std::uint32_t poisoned_item = 5;  // … and this one kills.

Bytes custom_id(std::uint32_t item) { return "item " + text::decimal(item); }

Bytes input_line(std::uint32_t item) {
  return R"({"custom_id":")" + custom_id(item) +
         R"(","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":")" +
         custom_id(item) + R"("}]}})" + "\n";
}

std::optional<json::Value> at(const std::optional<json::Value>& value, View name) {
  return value ? value->member(name) : std::nullopt;
}
Bytes text_at(const std::optional<json::Value>& value, View name) {
  const auto member = at(value, name);
  const auto text = member ? member->string() : std::nullopt;
  return Bytes(text.value_or(View()));
}
std::int64_t number_at(const std::optional<json::Value>& value, View name) {
  const auto member = at(value, name);
  return member ? member->integer().value_or(-1) : -1;
}

std::vector<View> lines_of(View text) {
  std::vector<View> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

Scenario::Scenario(const Story& story, Trouble trouble)
    : story_(story),
      trouble_(trouble.mishap != Mishap::none),
      world_({{"UPSTREAM_URL", "http://provider/v1"},
              {"EDGEBATCH_WINDOWS", "1s"},
              {"UPSTREAMS", R"([{"url":"http://provider/v1","concurrency":4}])"}},
             trouble) {
  world_.keys["key/" + text::sha256_hex("key")] = tenant;
  world_.provider = [this](View body) { return react(body); };
  world_.watch = [this] { watch(); };
}

Bytes Scenario::play() {
  upload();
  if (!create()) return wrong_;
  if (story_.cancel_after_ms) {
    world_.run_until([] { return false; }, *story_.cancel_after_ms);
    cancel();
  }
  const auto ended = [this] {
    const auto now = invariants_.record(batch_id_);
    return !wrong_.empty() || (now && lifecycle::terminal(now->state));
  };
  world_.run_until(ended, 48 * 3'600'000LL);
  if (!wrong_.empty()) return wrong_;
  if (!ended()) {
    const auto now = invariants_.record(batch_id_);
    return "it never ended; it is " + (now ? Bytes(lifecycle::name(now->state)) : Bytes("gone"));
  }

  // Letters and late comers may still be under way: nothing may start or change any more.
  asked_ = 0;
  world_.run_until([this] { return !wrong_.empty(); }, 3'600'000);
  if (asked_ > 0 && !twins_) wrong("items were asked for after the end");
  check_results();
  return wrong_;
}

// The index is made for spans of two items; everything else is as an upload leaves it.
void Scenario::upload() {
  Bytes input;
  for (std::uint32_t item = 0; item < story_.items_count; ++item)
    input += story_.good_input || item % 2 == 0 ? input_line(item) : Bytes("{\"custom_id\":7}\n");
  dialects::openai::Inspector inspector({1, 2}, {}, validation::IndexBuilder(story_.items_a_span));
  inspector.feed(input);

  file_id_ = "file-" + Bytes(32, 'a');
  const ports::StoredStream stream{.prefix = "in/acme/" + file_id_ + "/", .bytes = input.size()};
  world_.objects[stream.inspection_key()] = wire::encode(inspector.finish());
  world_.objects[stream.part_key(0)] = std::move(input);

  const ports::Address actor{ports::ActorKind::tenant, Bytes(tenant)};
  using namespace actors::tenant;
  const Bytes upload = "upload_" + Bytes(32, 'a');
  world_.turn(actor, ports::encode_command(ReserveFile{.id = upload, .prefix = stream.prefix}));
  world_.turn(actor, ports::encode_command(CommitFile{
                         .upload = upload,
                         .view = {.id = file_id_, .name = "in.jsonl", .purpose = "batch"},
                         .stream = stream,
                         .life_ms = {}}));
}

// A client asks again until it has an answer.
std::optional<http::Response> Scenario::ask(View method, View target, View body) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    ++attempts_;
    auto response = world_.request(method, target, body);
    if (response && response->status != 503) return response;
  }
  wrong(Bytes(method).append(" ").append(target).append(" was never answered"));
  return std::nullopt;
}

bool Scenario::create() {
  const Bytes body = R"({"input_file_id":")" + file_id_ +
                     R"(","endpoint":"/v1/chat/completions","completion_window":")" +
                     story_.window + R"("})";
  const std::size_t before = attempts_;
  const auto response = ask("POST", "/v1/batches", body);
  if (!response) return false;
  twins_ = attempts_ - before > 1;
  const auto batch = json::Value::parse(std::get<Bytes>(response->body));
  batch_id_ = text_at(batch, "id");
  if (response->status != 200 || text_at(batch, "status") != "validating")
    wrong("create answered " + text::decimal(response->status));
  return wrong_.empty();
}

void Scenario::cancel() {
  const auto response = ask("POST", "/v1/batches/" + batch_id_ + "/cancel");
  if (!response) return;
  cancelled_ = response->status == 200;
  if (!cancelled_ && response->status != 409)
    wrong("cancel answered " + text::decimal(response->status));
}

Reaction Scenario::react(View body) {
  ++asked_;
  const auto messages = at(json::Value::parse(body), "messages");
  const Bytes item = messages ? text_at(messages->elements().at(0), "content") : Bytes();
  auto& answers = answers_[item];
  for (std::uint32_t i = 0; !twins_ && i < story_.items_count; ++i)
    if (custom_id(i) == item && invariants_.is_done(batch_id_, i))
      wrong(item + " was asked for again after its line was stored");

  Reaction reaction;
  reaction.latency_ms = story_.latency_ms;
  if (story_.poison && item == custom_id(poisoned_item)) {
    reaction.kills = true;
  } else if (asked_ <= story_.refusals_count) {
    reaction.status = 401;
    reaction.body = R"({"error":{"message":"who are you?"}})";
    return reaction;
  } else if (item == custom_id(patient_item) && answers.empty() && story_.retry_after_ms > 0) {
    reaction.status = 429;
    reaction.retry_after = text::decimal(static_cast<std::uint64_t>(story_.retry_after_ms / 1'000));
  } else if (item == custom_id(refused_item)) {
    reaction.status = 400;
    reaction.body = R"({"error":{"message":"no"}})";
  } else if (item == custom_id(flaky_item) && answers.empty()) {
    reaction.status = 500;
    reaction.body = "oops";
  } else if (item == custom_id(broken_item) && answers.empty()) {
    reaction.body = R"({"half":)";
  } else {
    reaction.body = R"({"answer":)" + text::decimal(answers.size()) + R"(,"to":")" + item +
                    R"(","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";
  }
  answers.push_back(reaction.body);
  return reaction;
}

void Scenario::watch() {
  invariants_.check(batch_id_);
  if (!invariants_.wrong().empty()) wrong(invariants_.wrong());
}

void Scenario::check_results() {
  const auto last = invariants_.record(batch_id_);
  if (!last) return wrong("it is gone");
  const State ending = last->state;
  if (std::find(story_.endings.begin(), story_.endings.end(), ending) == story_.endings.end())
    return wrong("it ended as " + Bytes(lifecycle::name(ending)));
  if (cancelled_ && ending != State::cancelled && ending != State::failed)
    return wrong("it was cancelled, and ended as " + Bytes(lifecycle::name(ending)));

  const auto response = ask("GET", "/v1/batches/" + batch_id_);
  const auto batch = response ? json::Value::parse(std::get<Bytes>(response->body)) : std::nullopt;
  if (text_at(batch, "status") != lifecycle::name(ending)) return wrong("retrieve says otherwise");
  const auto listed = ask("GET", "/v1/batches");
  if (!listed ||
      std::get<Bytes>(listed->body).find(Bytes(R"("status":")").append(lifecycle::name(ending))) ==
          Bytes::npos)
    return wrong("the list says otherwise");

  const Bytes output = result_file(text_at(batch, "output_file_id"));
  const Bytes errors = result_file(text_at(batch, "error_file_id"));
  const auto counts = at(batch, "request_counts");
  const bool owed = !invariants_.spans(batch_id_)
                         .empty();  // A failed batch, or one that ended unplanned, owes no lines.
  if (number_at(counts, "completed") != static_cast<std::int64_t>(lines_of(output).size()) ||
      number_at(counts, "failed") != static_cast<std::int64_t>(lines_of(errors).size()))
    return wrong("counts differ from lines");
  if (!owed) {
    if (ending == State::completed) wrong("completed without lines");
    return;
  }

  std::multiset<Bytes> seen;
  std::int64_t usage = 0;
  for (const View line : lines_of(output)) {
    const auto value = json::Value::parse(line);
    const Bytes item = text_at(value, "custom_id");
    const auto body = at(at(value, "response"), "body");
    seen.insert(item);
    usage += 5;
    const auto& given = answers_[item];
    const bool was_given = std::any_of(given.begin(), given.end(), [&](const Bytes& answer) {
      const auto parsed = json::Value::parse(answer);
      return parsed && body && parsed->canonical() == body->canonical();
    });
    if (!was_given) wrong("a line is not what the provider said: " + Bytes(line));
  }
  for (const View line : lines_of(errors)) {
    const auto value = json::Value::parse(line);
    const Bytes item = text_at(value, "custom_id");
    seen.insert(item);
    const Bytes code = text_at(at(value, "error"), "code");
    const auto status = number_at(at(value, "response"), "status_code");
    const bool never_ran = code == "batch_cancelled" || code == "batch_expired";
    const bool is_refused = item == custom_id(refused_item) && status == 400;
    const bool is_given_up =
        story_.poison && code == "request_given_up" &&
        (item == custom_id(poisoned_item) || twins_);  // Its twin kills the host, too.
    // A run that has met only some refusals before others are answered takes them for the items'.
    const bool is_turned_away = trouble_ && story_.refusals_count > 0 && status == 401;
    if (!is_refused && !is_given_up && !is_turned_away && !never_ran)
      wrong("a strange error line: " + Bytes(line));
  }
  for (std::uint32_t item = 0; item < story_.items_count; ++item)
    if (seen.count(custom_id(item)) != 1) wrong(custom_id(item) + " doesn't have exactly one line");
  if (number_at(at(batch, "usage"), "total_tokens") != usage) wrong("usage doesn't add up");
}

Bytes Scenario::result_file(const Bytes& id) {
  if (id.empty()) return {};
  const auto response = ask("GET", "/v1/files/" + id + "/content");
  if (!response || response->status != 200) {
    wrong("a result file can't be read: " +
          (response ? text::decimal(response->status) + std::get<Bytes>(response->body)
                    : Bytes("nothing")));
    return {};
  }
  Bytes content;
  for (const http::Section& section : std::get<std::vector<http::Section>>(response->body)) {
    const auto found = world_.objects.find(section.key);
    if (found == world_.objects.end()) {
      wrong("an object of a result file is missing");
      continue;
    }
    content += View(found->second).substr(section.offset, section.length);
  }
  return content;
}

}  // namespace edgebatch::protocol
