// A `World` as a client of Datagrid's API sees it: requests and their JSON, the provider's answers,
// and time that goes by when asked.
#pragma once

#include <optional>
#include <vector>

#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "handlers/config.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

struct Seen {
  std::uint32_t status = 0;
  std::vector<http::Header> headers;
  Bytes body;

  /// The member of the JSON body at that path (`error/type`, `errors/0/code`) as a string; "null"
  /// for null, "…" for anything else, "-" where there is none.
  Bytes at(View path) const;
};

class DatagridService {
 public:
  explicit DatagridService(const Variables& variables = {});

  World& world() { return world_; }
  /// What the provider answers from now on.
  void provider_answers(Reaction reaction);
  /// The same with the text that its model says.
  void model_says(View content);

  Seen ask(View method, View path, View body = {}, std::vector<http::Header> headers = {});
  /// Uploads a file, and gives its id.
  Bytes upload(View content, View name = "sheet.txt");
  /// Creates a batch, and gives its id.
  Bytes create(View body);
  /// The batch once it has this status.
  Seen wait_for(View id, View status);
  /// The lines of its results.
  std::vector<Seen> lines(View id);
  void let_pass(Ms duration);

 private:
  World world_;
};

/// `{"items":[…],"model":"m","prompt":"p","output_schema":{"type":"object"}}`
Bytes create_body(const std::vector<Bytes>& items, View more = {});
/// `{"custom_id":…,"file_id":…}`
Bytes item(View custom_id, View file_id, View more = {});

}  // namespace edgebatch::protocol
