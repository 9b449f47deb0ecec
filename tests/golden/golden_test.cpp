// The golden transcripts, replayed on a host in miniature: the same pages as on workerd
// (tests/e2e/golden.test.mjs).
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/sha256.hpp"

#include "tests/golden/transcript.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::golden {

namespace {

constexpr Ms patience_ms = 60'000;

struct Answered {
  http::Response response;
  Bytes body;
};

class Replay {
 public:
  Replay() : world_({{"UPSTREAM_URL", "http://provider/v1"}}, {}) {
    world_.keys["key/" + text::sha256_hex("eb-dev")] = "dev";
  }

  void play(const Block& block) {
    const Bytes meant = names_.meant(block.text);
    if (block.kind == "provider")
      world_.provider = [answer = block.text](View) { return protocol::Reaction{.body = answer}; };
    if (block.kind == "request") last_ = send(meant);
    if (block.kind == "response") {
      REQUIRE(last_);
      CHECK(names_.given(answer_text(last_->response, last_->body)) == block.text);
    }
    if (block.kind == "until") wait_until(meant);
  }

 private:
  std::optional<Answered> send(View text) {
    const Asked asked = request_of(text);
    auto response = world_.send(asked.request, asked.body);
    if (!response) return std::nullopt;
    Bytes body = world_.content_of(*response);
    return Answered{.response = std::move(*response), .body = std::move(body)};
  }

  void wait_until(View text) {
    const std::size_t cut = text.rfind("\n\n");
    const View wanted = text.substr(cut + 2);
    for (Ms waited = 0; waited < patience_ms; waited += 100) {
      const auto answered = send(text.substr(0, cut));
      REQUIRE(answered);
      if (answered->body.find(wanted) != Bytes::npos) return;
      world_.run_until([] { return false; }, 100);
    }
    FAIL("never: " << text);
  }

  protocol::World world_;
  Names names_;
  std::optional<Answered> last_;
};

void replay(View page) {
  const std::vector<Block> blocks = read_page(page);
  REQUIRE(blocks.size() > 3);
  Replay replay;
  for (const Block& block : blocks) {
    INFO(page << ": " << block.kind << "\n" << block.text);
    replay.play(block);
  }
}

}  // namespace

TEST_CASE("golden: a batch prediction, from its files to its results → as written") {
  replay("batch_prediction.md");
}

TEST_CASE("golden: a batch prediction whose files can't be sent → as written") {
  replay("failed_batch_prediction.md");
}

TEST_CASE("golden: an answer that is no object, and a create that comes again → as written") {
  replay("unusable_answer.md");
}

TEST_CASE("golden: a batch prediction that is cancelled → as written") {
  replay("cancelled_batch_prediction.md");
}

TEST_CASE("golden: a batch as Impala has it → as written") { replay("impala_batch.md"); }

}  // namespace edgebatch::golden
