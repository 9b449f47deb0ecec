#include "tests/protocol/prediction_scenario.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/dialects/content.hpp"
#include "core/dialects/dialect.hpp"
#include "core/http/composed.hpp"
#include "core/http/message.hpp"
#include "core/http/stored_stream.hpp"
#include "core/json/value.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"
#include "handlers/runner/exchange.hpp"

#include "tests/protocol/provider.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

using lifecycle::State;

namespace {

constexpr View tenant = "acme";
constexpr std::uint32_t clumsy_item = 2;   // Its model says something that is no object at first …
constexpr std::uint32_t wordy_item = 3;    // … and this one's whenever it is asked.
constexpr std::uint32_t missing_item = 4;  // Its file isn't there, where the story says so.
constexpr Ms day_ms = 24 * 3'600'000LL;

Bytes digits(std::uint32_t item) {
  const Bytes number = text::decimal(item);
  return Bytes(32 - number.size(), '0') + number;
}
Bytes file_id(std::uint32_t item) { return "file_" + digits(item); }
Bytes upload_id(std::uint32_t item) { return "upload_" + digits(item); }
Bytes custom_id(std::uint32_t item) { return "item " + text::decimal(item); }
Bytes content_of(std::uint32_t item) { return "This is \"sheet\" " + text::decimal(item) + ".\n"; }

Bytes create_body(View window, std::uint32_t items_count) {
  Bytes items;
  for (std::uint32_t item = 0; item < items_count; ++item)
    items += (item > 0 ? "," : "") + (R"({"custom_id":")" + custom_id(item) + R"(","file_id":")") +
             file_id(item) + R"("})";
  return R"({"items":[)" + items +
         R"(],"model":"m","prompt":"Read.","output_schema":{"type":"object"},)" +
         R"("completion_window":")" + Bytes(window) + R"("})";
}

/// The item whose file a request holds.
std::uint32_t item_of(View request) {
  constexpr View front = R"(sheet\" )";
  const std::size_t at = request.find(front);
  if (at == View::npos) return UINT32_MAX;
  const View behind = request.substr(at + front.size());
  return static_cast<std::uint32_t>(
      text::parse_decimal(behind.substr(0, behind.find('.'))).value_or(UINT32_MAX));
}

bool is_asked_again(View request) { return request.find("Answer again") != View::npos; }

Bytes said_of(std::uint32_t item, bool again) {
  if (item == clumsy_item && !again) return "Sheet two, I'd say.";
  return item == wordy_item ? "Sheet three, I think." : R"({"sheet":)" + text::decimal(item) + "}";
}

Bytes text_at(const json::Value& value, View name) {
  const auto member = value.member(name);
  return Bytes(member ? member->string().value_or("") : View());
}

std::int64_t number_at(const json::Value& value, View name) {
  const auto member = value.member(name);
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

PredictionScenario::PredictionScenario(const PredictionStory& story, Trouble trouble)
    : story_(story),
      trouble_(trouble.mishap != Mishap::none),
      world_({{"EDGEBATCH_WINDOWS", "1s"}, {"UPSTREAMS", provider_.upstreams()}}, trouble) {
  world_.keys["key/" + text::sha256_hex("key")] = tenant;
  world_.provider = [this](View body) { return react(body); };
  world_.watch = [this] {
    invariants_.check(batch_id_);
    if (!invariants_.wrong().empty()) wrong(invariants_.wrong());
  };
}

Bytes PredictionScenario::play() {
  for (std::uint32_t item = 0; item < story_.common.items_count; ++item)
    if (story_.files_there || item != missing_item) upload(item);
  create();
  if (story_.files_deleted) delete_files();
  if (story_.common.cancel_after_ms) {
    world_.run_until([] { return false; }, *story_.common.cancel_after_ms);
    cancel();
  }
  if (wrong_.empty()) wait_for_end();
  if (wrong_.empty()) check_one_batch();
  if (wrong_.empty()) check_lines();
  if (wrong_.empty()) check_remains();
  return wrong_;
}

// As a request leaves it.
void PredictionScenario::upload(std::uint32_t item) {
  const Bytes content = content_of(item);
  const http::StoredStream stream{.prefix = "in/acme/" + upload_id(item) + "/",
                                  .bytes = content.size()};
  world_.objects[stream.part_key(0)] = content;
  const ports::Address actor{ports::ActorKind::tenant, Bytes(tenant)};
  using namespace actors::tenant;
  world_.turn(actor,
              ports::encode_command(ReserveFile{.id = upload_id(item), .prefix = stream.prefix}));
  world_.turn(actor, ports::encode_command(
                         CommitFile{.upload = upload_id(item),
                                    .view = {.id = file_id(item),
                                             .name = "sheet.txt",
                                             .purpose = {},
                                             .bytes = content.size(),
                                             .created_at_ms = 0,
                                             .dialect = dialects::Dialect::datagrid,
                                             .media_type = "text/plain",
                                             .content = dialects::Content::text,
                                             .json_text_bytes = http::json_text_bytes(content)},
                                    .stream = stream,
                                    .life_ms = {}}));
}

// A client asks again until it has an answer, and says so.
http::Response PredictionScenario::ask(View method, View target, View body) {
  for (unsigned attempt = 0; attempt < 5; ++attempt) {
    http::Request request{.method = Bytes(method),
                          .target = Bytes(target),
                          .headers = {{"authorization", "Bearer key"},
                                      {"content-type", "application/json"},
                                      {"x-stainless-retry-count", text::decimal(attempt)}}};
    if (story_.has_key && method == "POST") request.headers.emplace_back("idempotency-key", "k");
    auto response = world_.send(request, body);
    if (response && response->status != 503) return std::move(*response);
  }
  wrong(Bytes(method).append(" ").append(target).append(" was never answered"));
  return {};
}

void PredictionScenario::create() {
  const auto response = ask("POST", "/v1/batch-predictions",
                            create_body(story_.common.window, story_.common.items_count));
  const auto batch = json::Value::parse(world_.content_of(response));
  if (response.status != 201 || !batch)
    return wrong("create answered " + text::decimal(response.status));
  batch_id_ = text_at(*batch, "id");
  const auto counts = batch->member("request_counts");
  if (!counts || number_at(*counts, "total") != story_.common.items_count)
    wrong("the items aren't counted from the start");
}

void PredictionScenario::delete_files() {
  for (std::uint32_t item = 0; item < story_.common.items_count; ++item) {
    const auto response = ask("DELETE", "/v1/files/" + file_id(item));
    // Its answer may have been lost, and then it is gone.
    if (response.status != 204 && response.status != 404)
      wrong("delete answered " + text::decimal(response.status));
  }
}

void PredictionScenario::cancel() {
  const auto response = ask("POST", "/v1/batch-predictions/" + batch_id_ + "/cancel");
  cancelled_ = response.status == 200;
  if (!cancelled_ && response.status != 409)
    wrong("cancel answered " + text::decimal(response.status));
}

Reaction PredictionScenario::react(View body) {
  const std::uint32_t item = item_of(body);
  if (item >= story_.common.items_count) wrong("a request without its file: " + Bytes(body));
  if (over_) wrong(custom_id(item) + " was asked for after the end");
  invariants_.check_asked(batch_id_, item);
  const bool again = is_asked_again(body);
  const bool of_use = again || (item != clumsy_item && item != wordy_item);
  return provider_.react(item, said_of(item, again), world_.now(), of_use);
}

void PredictionScenario::wait_for_end() {
  const auto ended = [this] { return !wrong_.empty() || invariants_.ended(); };
  world_.run_until(ended, 2 * day_ms);
  if (!ended()) return wrong("it never ended");
  over_ = true;
  world_.run_until([this] { return !wrong_.empty(); }, 3'600'000);
}

// However often it was asked for.
void PredictionScenario::check_one_batch() {
  const auto response = ask("GET", "/v1/batch-predictions");
  const auto list = json::Value::parse(world_.content_of(response));
  const auto data = list ? list->member("data") : std::nullopt;
  if (!data || data->elements().size() != 1) return wrong("there isn't exactly one batch");
  const auto record = invariants_.record(batch_id_);
  const State ending = record ? record->state : State::validating;
  if (text_at(data->elements()[0], "status") != lifecycle::name(ending))
    wrong("the list says otherwise");
  if (std::ranges::find(story_.common.endings, ending) == story_.common.endings.end())
    wrong("it ended as " + Bytes(lifecycle::name(ending)));
  if (cancelled_ && ending != State::cancelled) wrong("it was cancelled, and ended otherwise");
}

void PredictionScenario::check_lines() {
  const auto response = ask("GET", "/v1/batch-predictions/" + batch_id_ + "/results");
  if (response.status != 200) return wrong("results answered " + text::decimal(response.status));
  const Bytes content = world_.content_of(response);
  std::map<Bytes, std::int64_t> tally;
  std::uint32_t next = 0;
  for (const View line : lines_of(content)) {
    const auto value = json::Value::parse(line);
    if (!value || text_at(*value, "custom_id") != custom_id(next))
      return wrong("a line out of order: " + Bytes(line));
    if (!is_due(next++, *value)) wrong("a strange line: " + Bytes(line));
    ++tally[text_at(*value, "status")];
  }
  if (next != story_.common.items_count) wrong("not every item has its line");

  const auto batch =
      json::Value::parse(world_.content_of(ask("GET", "/v1/batch-predictions/" + batch_id_)));
  const auto counts = batch ? batch->member("request_counts") : std::nullopt;
  if (!counts) return wrong("it can't be retrieved");
  for (const View status : {"succeeded", "errored", "canceled", "expired"})
    if (number_at(*counts, status) != tally[Bytes(status)])
      wrong("counts differ from lines: " + Bytes(status));
  if (number_at(*counts, "processing") != 0) wrong("something is still processing at the end");
}

// Whether that may have become of the item.
bool PredictionScenario::is_due(std::uint32_t item, const json::Value& line) {
  const Bytes status = text_at(line, "status");
  const auto ending = invariants_.record(batch_id_)->state;
  if (status == "canceled") return ending == State::cancelled;
  if (status == "expired") return ending == State::expired;
  if (ending == State::failed) return status == "errored";
  const auto error = line.member("error");
  const Bytes why = error ? text_at(*error, "detail") : Bytes();
  const auto says = [&why](View words) { return why.find(words) != Bytes::npos; };
  const Manners& manners = story_.common.provider;
  // A run that has met only some refusals before others are answered takes them for the items'.
  if (says("status 401")) return trouble_ && manners.refusals_count > 0;
  if (item == refused_item) return says("status 400");
  if (item == wordy_item) return says("Sheet three");
  // Of what came before a cancel, nothing is thrown away.
  const bool halted = ending == State::cancelled || ending == State::expired;
  if (item == clumsy_item && halted && says("Sheet two")) return true;
  if (item == poisoned_item && manners.poison) return says("given up");
  if (item == slow_item && manners.slow_ms > runner::ask_ms_max) return says("in time");
  const auto output = line.member("output");
  return status == "succeeded" && output && number_at(*output, "sheet") == item;
}

bool PredictionScenario::exists(View prefix) const {
  const auto first = world_.objects.lower_bound(Bytes(prefix));
  return first != world_.objects.end() && first->first.starts_with(prefix);
}

// Pins go with the end, deleted files' bytes soon after, everything else when results do.
void PredictionScenario::check_remains() {
  world_.run_until([] { return false; }, 4 * 3'600'000LL);
  auto* const rows = world_.table({ports::ActorKind::tenant, Bytes(tenant)});
  for (const View prefix : {"pins/", "waiting/", "reserved/", "inline/"})
    if (!rows->scan(prefix, ports::behind(prefix), 1, ports::Order::ascending).empty())
      wrong("a row is left: " + Bytes(prefix));
  if (story_.files_deleted && exists("in/acme/upload_")) wrong("deleted files are still stored");

  std::set<Bytes> inlines;
  for (const auto& [key, content] : world_.objects)
    if (key.starts_with("in/acme/inline_")) inlines.insert(key.substr(0, key.find('/', 8)));
  if (inlines.size() != 1) wrong("the items aren't stored exactly once");

  world_.run_until([] { return false; }, 31 * day_ms);
  const auto response = ask("GET", "/v1/batch-predictions/" + batch_id_ + "/results");
  if (response.status != 410) wrong("old results answer " + text::decimal(response.status));
  if (exists("in/acme/inline_") || exists("out/")) wrong("objects are left");
}

}  // namespace edgebatch::protocol
