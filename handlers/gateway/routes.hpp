// Which address leads to which endpoint.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/http/target.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/spoken.hpp"

namespace edgebatch::gateway {

enum class Access : std::uint8_t { open, key };
/// A wasm instance of its own, for what holds much memory for long; else the shared one.
enum class Instance : std::uint8_t { shared, own };

enum class Speaker : std::uint8_t { anybody, openai, datagrid };

struct Route {
  http::Method method;
  Speaker speaker;  // Below the mounts where that dialect is spoken; `anybody`: outside of them.
  View path;        // `{}` stands for one segment.
  Endpoint endpoint;
  Access access = Access::key;
  Instance instance = Instance::shared;
};

/// `GET /files/{}`
Bytes name_of(const Route& route);

struct Match {
  const Route* route = nullptr;
  std::vector<Bytes> parameters;
};
struct NoSuchPath {};
struct WrongMethod {
  Bytes allowed;  // `GET, DELETE`
};

/// `segments`: of the whole path.
std::variant<Match, NoSuchPath, WrongMethod> find_route(http::Method method, const Spoken& spoken,
                                                        const std::vector<Bytes>& segments);

}  // namespace edgebatch::gateway
