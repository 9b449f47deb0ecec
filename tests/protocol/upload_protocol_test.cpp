// An upload, and every mishap at every effect of it: there is a whole file, or nothing is left.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>

#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/sha256.hpp"
#include "core/text/time.hpp"
#include "handlers/gateway/upload.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/protocol/mishaps.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

constexpr Ms long_enough_ms = 3 * 60 * text::minute_ms;

/// Many pieces, in one of which the file ends.
Bytes lines() {
  Bytes text;
  for (const View id : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"})
    text += script::input_line(id) + "\n";
  return text;
}

class Service {
 public:
  explicit Service(Trouble trouble) : world({}, trouble) {
    world.keys["key/" + text::sha256_hex("key")] = "acme";
  }

  /// The status; 0: no answer.
  std::uint32_t upload() {
    const auto response =
        world.request("POST", "/v1/files", script::batch_form(lines()), script::form_type);
    return response ? response->status : 0;
  }
  void wait() {
    const Ms end = world.now() + long_enough_ms;
    world.run_until([&] { return world.now() >= end; }, long_enough_ms);
  }
  /// What is wrong with what can be seen; empty: nothing.
  Bytes wrong(std::uint32_t status) {
    const auto listed = world.request("GET", "/v1/files");
    if (!listed || listed->status != 200) return "no list";
    const auto list = json::Value::parse(world.content_of(*listed));
    const auto files = list->member("data")->elements();
    if (status == 200 && files.empty()) return "a file that was acknowledged isn't there";
    if (files.empty()) return world.objects.empty() ? "" : "something is left of it";
    if (files.front().member("sha256")->string() != text::sha256_hex(lines()))
      return "another digest";
    const Bytes id(files.front().member("id")->string().value_or(""));
    const auto content = world.request("GET", "/v1/files/" + id + "/content");
    return content && world.content_of(*content) == lines() ? "" : "other content";
  }

  World world;
};

}  // namespace

TEST_CASE("an upload: nothing goes wrong → a whole file") {
  Service service({});
  CHECK(service.upload() == 200);
  service.wait();
  CHECK(service.wrong(200).empty());
  CHECK(service.world.objects.size() == 2);  // A part and the verdict.
}

TEST_CASE("an upload: a mishap at any effect → a whole file, or nothing is left") {
  Service quiet({});
  (void)quiet.upload();
  for (std::size_t mishap = 1; mishap < mishaps_count; ++mishap) {
    for (std::size_t at = 0; at < quiet.world.effects(); ++at) {
      Service service({.mishap = static_cast<Mishap>(mishap), .at = at});
      const std::uint32_t status = service.upload();
      service.wait();
      INFO(name(static_cast<Mishap>(mishap)) << " at effect " << at << ": " << status);
      const Bytes wrong = service.wrong(status);
      INFO(wrong);
      CHECK(wrong.empty());
    }
  }
}

TEST_CASE("an upload: others that ended, however they did → take no place") {
  Service service({});
  for (std::uint32_t count = 0; count <= gateway::uploads_count_max; ++count) {
    const View form = count % 2 == 0 ? View("no form") : View("");
    const auto refused = service.world.request("POST", "/v1/files", form, script::form_type);
    REQUIRE(refused);
    CHECK(refused->status == 400);
  }
  CHECK(service.upload() == 200);
}

}  // namespace edgebatch::protocol
