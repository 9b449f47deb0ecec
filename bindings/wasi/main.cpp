// The command line: what touches files, the terminal and the clock. Runs as a WASI command, and
// natively.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

#include "bindings/wasi/arguments.hpp"
#include "bindings/wasi/cells.hpp"
#include "bindings/wasi/file_check.hpp"
#include "bindings/wasi/progress.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace {

using namespace edgebatch;
using namespace edgebatch::wasi;

enum Exit { all_valid, errors_found, misused, unreadable };  // As documented, the worst last.

constexpr std::size_t piece_bytes = 64 * 1024;

Ms now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// False if not all of it could be written.
bool write(std::FILE* to, View text) {
  return std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
}

void complain(View what) { write(stderr, Bytes("edgebatch_cli: ").append(what).append("\n")); }

// What went wrong last.
Bytes reason() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe)

class Input {
 public:
  explicit Input(const Bytes& name)
      : descriptor_(name == standard_input ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY)) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
  }

  // The next bytes, as soon as there are some; empty at the end, nothing if they can't be read.
  std::optional<View> read() {
    const auto count = descriptor_ < 0 ? -1 : ::read(descriptor_, piece_.data(), piece_.size());
    if (count < 0) return {};
    return View(piece_.data(), static_cast<std::size_t>(count));
  }

 private:
  int descriptor_;
  std::vector<char> piece_ = std::vector<char>(piece_bytes);
};

// Checks the files that were asked for, one after the other.
class Run {
 public:
  Run(Validate asked, text::SipKey secret) : asked_(std::move(asked)), secret_(secret) {}

  int all() {
    int worst = all_valid;
    for (const Bytes& file : asked_.files) worst = std::max<int>(worst, one(file));
    return worst;
  }

 private:
  Exit one(const Bytes& file) {
    const Bytes name = file == standard_input ? "<stdin>" : file;
    FileCheck check(name, asked_.endpoint, asked_.format, secret_);
    Input input(file);
    while (const auto piece = input.read()) {
      if (piece->empty()) {
        if (!print(check.finish())) return unreadable;
        return check.valid() ? all_valid : errors_found;
      }
      if (!print(check.feed(*piece))) return unreadable;
      if (terminal_) write(stderr, progress_.show(check.so_far(), now_ms()));
    }
    const Bytes why = reason();
    write(stderr, progress_.clear());
    complain(harmless(name) + ": " + why);
    return unreadable;
  }

  bool print(const Bytes& text) {
    if (text.empty()) return true;
    write(stderr, progress_.clear());
    if (write(stdout, text)) return true;
    complain("the output can't be written: " + reason());
    return false;
  }

  Validate asked_;
  text::SipKey secret_;
  bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  Progress progress_;
};

int obey(const Help& /*command*/) { return write(stdout, help()) ? all_valid : unreadable; }

int obey(const Version& /*command*/) {
  return write(stdout, "edgebatch " EDGEBATCH_VERSION "\n") ? all_valid : unreadable;
}

int obey(const Misuse& misuse) {
  complain(harmless(misuse.why) + "; --help says how it is used");
  return misused;
}

int obey(const Validate& asked) {
  text::SipKey secret{};
  if (::getentropy(secret.data(), sizeof secret) != 0) {
    complain("no random numbers here: " + reason());
    return unreadable;
  }
  return Run(asked, secret).all();
}

}  // namespace

int main(int count, char* values[]) {
  std::vector<View> arguments;
  for (int i = 1; i < count; ++i) arguments.emplace_back(values[i]);
  return std::visit([](const auto& command) { return obey(command); }, parse(arguments));
}
