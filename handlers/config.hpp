// What the operator has set, read once from the host's variables.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch {

constexpr std::uint32_t concurrency_default = 16;  // Requests that an upstream gets side by side.
constexpr std::uint32_t concurrency_max = 1'024;
constexpr std::uint32_t rate_limit_max = 100'000;

/// A model provider, and the models it serves.
struct Upstream {
  Bytes url;  // With its `/v1`, without a slash at the end; empty: the built-in sandbox.
  Bytes key;  // Empty: none is sent.
  std::uint32_t concurrency = concurrency_default;
  std::vector<std::pair<Bytes, Bytes>> models;  // As clients call it → as it does; empty: any.

  bool is_sandbox() const { return url.empty(); }
  /// What it calls this model; nothing if it doesn't serve it.
  std::optional<Bytes> own_name(View model) const;
};

/// How long a batch may take.
struct Window {
  Bytes name;  // `24h`
  Ms length_ms = 0;
};

struct Config {
  std::vector<Upstream>
      upstreams;  // The first that serves a model gets it. Never empty without an error.
  std::vector<Window> windows;  // `24h` is always among them.
  std::uint32_t connections_max =
      0;                   // That one invocation may have waiting for headers; 0: no limit.
  Bytes anonymous_tenant;  // Whose requests without a key are, where that is allowed; empty:
                           // nobody's.
  Bytes error;             // What is wrong with the variables; empty: nothing.

  std::vector<Bytes>
      datagrid_models;  // Only these may batch predictions ask for; empty: any served.
  /// Datagrid's requests of one tenant to one route in a minute; 0: any number.
  std::uint32_t rate_limit = 0;

  const Upstream* serving(View model) const;
  /// Whether a batch prediction may ask for it.
  bool accepts(View model) const;
  std::vector<Bytes> window_names() const;
  std::optional<Ms> window_ms(View name) const;
};

using Variables = std::vector<std::pair<Bytes, Bytes>>;

/// UPSTREAM_URL, UPSTREAM_KEY, UPSTREAMS, EDGEBATCH_WINDOWS, CONNECTIONS_MAX, RATE_LIMIT; others
/// are not ours.
Config read_config(const Variables& variables);

}  // namespace edgebatch
