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
#include "handlers/runner/exchange.hpp"

#include "tests/protocol/provider.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

using lifecycle::State;

namespace {

constexpr View tenant = "acme";
Bytes custom_id(std::uint32_t item) { return "item " + text::decimal(item); }
std::uint32_t item_of(View custom_id) {
  return static_cast<std::uint32_t>(text::parse_decimal(custom_id.substr(5)).value_or(0));
}

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

Scenario::Scenario(const BatchStory& story, Trouble trouble)
    : story_(story),
      trouble_(trouble.mishap != Mishap::none),
      world_({{"EDGEBATCH_WINDOWS", "1s"}, {"UPSTREAMS", provider_.upstreams()}}, trouble) {
  world_.keys["key/" + text::sha256_hex("key")] = tenant;
  world_.provider = [this](View body) { return react(body); };
  world_.watch = [this] { watch(); };
}

Bytes Scenario::play() {
  upload();
  if (!create()) return wrong_;
  if (story_.common.cancel_after_ms) {
    world_.run_until([] { return false; }, *story_.common.cancel_after_ms);
    cancel();
  }
  const auto ended = [this] { return !wrong_.empty() || invariants_.ended(); };
  world_.run_until(ended, 48 * 3'600'000LL);
  if (!wrong_.empty()) return wrong_;
  if (!ended()) {
    const auto now = invariants_.record(batch_id_);
    return "it never ended; it is " + (now ? Bytes(lifecycle::name(now->state)) : Bytes("gone"));
  }

  // Letters and late comers may still be under way: nothing may start or change any more.
  over_ = true;
  world_.run_until([this] { return !wrong_.empty(); }, 3'600'000);
  check_results();
  return wrong_;
}

// The index is made for spans of two items; everything else is as an upload leaves it.
void Scenario::upload() {
  Bytes input;
  for (std::uint32_t item = 0; item < story_.common.items_count; ++item)
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
                     story_.common.window + R"("})";
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
  const auto messages = at(json::Value::parse(body), "messages");
  const Bytes content = messages ? text_at(messages->elements().at(0), "content") : Bytes();
  const std::uint32_t item = item_of(content);
  if (!twins_) {
    invariants_.check_asked(batch_id_, item);
    if (over_) wrong(content + " was asked for after the end");
  }
  return provider_.react(item, content, world_.now());
}

void Scenario::watch() {
  invariants_.check(batch_id_);
  if (!invariants_.wrong().empty()) wrong(invariants_.wrong());
}

void Scenario::check_results() {
  const auto last = invariants_.record(batch_id_);
  if (!last) return wrong("it is gone");
  const State ending = last->state;
  if (std::find(story_.common.endings.begin(), story_.common.endings.end(), ending) ==
      story_.common.endings.end())
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
    // A stream may break off behind its last word: then nobody says what it took.
    usage += std::max<std::int64_t>(0, number_at(at(body, "usage"), "total_tokens"));
    const auto& given = provider_.answers(item_of(item));
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
        story_.common.provider.poison && code == "request_given_up" &&
        (item == custom_id(poisoned_item) || twins_);  // Its twin kills the host, too.
    // A run that has met only some refusals before others are answered takes them for the items'.
    const bool is_turned_away =
        trouble_ && story_.common.provider.refusals_count > 0 && status == 401;
    const bool is_never_answered = story_.common.provider.slow_ms > runner::ask_ms_max &&
                                   item == custom_id(slow_item) && code == "upstream_timeout";
    if (!is_refused && !is_given_up && !is_turned_away && !is_never_answered && !never_ran)
      wrong("a strange error line: " + Bytes(line));
  }
  for (std::uint32_t item = 0; item < story_.common.items_count; ++item)
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
