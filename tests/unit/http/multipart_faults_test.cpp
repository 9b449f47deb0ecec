#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "core/http/multipart.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/http/multipart_outcome.hpp"

namespace edgebatch::http {
namespace {

const Bytes head = "Content-Disposition: form-data; name=n\r\n\r\n";
const Bytes good = "--bound\r\n" + head + "data\r\n--bound--\r\n";

// The fault of a body, the same wherever it is cut and in the smallest pieces.
MultipartFault fault_of(View body) {
  const Outcome whole = read_whole("bound", body);
  CHECK_THAT(cuts_that_matter("bound", body), Catch::Matchers::IsEmpty());
  CHECK(read_in_pieces_of(1, "bound", body) == whole);
  return whole.fault;
}

// The same for bodies too large to be cut everywhere.
MultipartFault fault_of_large(View body) {
  const Outcome whole = read_whole("bound", body);
  for (const std::size_t size : {1U, 7U, 1'000U, 4'096U}) {
    CHECK(read_in_pieces_of(size, "bound", body) == whole);
  }
  return whole.fault;
}

MultipartFault fault_of_headers(const Bytes& headers) {
  return fault_of("--bound\r\n" + headers + "\r\ndata\r\n--bound--\r\n");
}

Bytes preamble_of(std::size_t size) { return Bytes(size, 'p') + "\r\n" + good; }

// A body whose part headers are that long, with the empty line.
Bytes headers_of(std::size_t size) {
  const Bytes filler = "X: ";
  return "--bound\r\n" + filler + Bytes(size - filler.size() - 2 - head.size(), 'x') + "\r\n" +
         head + "data\r\n--bound--\r\n";
}

Bytes parts_of(std::size_t count) {
  Bytes out;
  for (std::size_t i = 0; i < count; ++i) out += "--bound\r\n" + head + "data\r\n";
  return out + "--bound--\r\n";
}

}  // namespace

TEST_CASE("multipart: a good body → no fault") { CHECK(fault_of(good) == MultipartFault::none); }

TEST_CASE("multipart: a body cut off at any byte before its last dash → cut_off, and never more") {
  const Bytes all = read_whole("bound", good).events;
  for (std::size_t size = 0; size + 2 < good.size(); ++size) {
    const Outcome outcome = read_whole("bound", View(good).substr(0, size));
    CAPTURE(size);
    CHECK(outcome.fault == MultipartFault::cut_off);
    CHECK(all.starts_with(outcome.events));
  }
  CHECK(read_whole("bound", View(good).substr(0, good.size() - 2)).fault == MultipartFault::none);
}

TEST_CASE("multipart: no body at all → cut_off") {
  CHECK(read_pieces("bound", {}).fault == MultipartFault::cut_off);
  CHECK(read_whole("bound", "").fault == MultipartFault::cut_off);
}

TEST_CASE("multipart: something else than the boundary → no_first_delimiter") {
  for (const View body :
       {"{}", "hello\r\n", "--boun\r\n", "--BOUND\r\n", "bound\r\n", " --bound\r\n"}) {
    CAPTURE(body);
    CHECK(fault_of(body) == MultipartFault::no_first_delimiter);
  }
}

TEST_CASE("multipart: a preamble around its limit → skipped up to it") {
  CHECK(fault_of_large(preamble_of(preamble_bytes_max - 1)) == MultipartFault::none);
  CHECK(fault_of_large(preamble_of(preamble_bytes_max)) == MultipartFault::none);
  CHECK(fault_of_large(preamble_of(preamble_bytes_max + 1)) == MultipartFault::no_first_delimiter);
}

TEST_CASE("multipart: an endless preamble → refused once it is too long, not at the end") {
  MultipartReader reader("bound");
  const auto ignore = [](const PartEvent&) {};
  CHECK(reader.feed(Bytes(preamble_bytes_max, 'p'), ignore) == MultipartFault::none);
  CHECK(reader.feed("p", ignore) == MultipartFault::no_first_delimiter);
}

TEST_CASE("multipart: part headers that are none → bad_part_headers") {
  const Bytes disposition = "Content-Disposition: form-data; name=n\r\n";
  for (const Bytes& headers : std::vector<Bytes>{"",
                                                 "Content-Type: text/plain\r\n",
                                                 "Content-Disposition: attachment; name=n\r\n",
                                                 "Content-Disposition: form-datax; name=n\r\n",
                                                 "Content-Disposition:\r\n",
                                                 "Content-Disposition: form-data; name=\"n\r\n",
                                                 "Content-Disposition: form-data; name\r\n",
                                                 disposition + "no colon\r\n",
                                                 disposition + ": no name\r\n",
                                                 disposition + "a b: c\r\n",
                                                 disposition + "a\"b: c\r\n",
                                                 disposition + "ä: c\r\n",
                                                 disposition + " folded: line\r\n",
                                                 disposition + "\tfolded: line\r\n",
                                                 disposition + "a: b\n",
                                                 disposition + "a: b\rc\r\n",
                                                 disposition + "a: b\r\r\n",
                                                 disposition + Bytes("a: b\0c\r\n", 8),
                                                 disposition + "a: \x01\r\n",
                                                 disposition + "a: \x7F\r\n",
                                                 disposition + "\n"}) {
    CAPTURE(headers);
    CHECK(fault_of_headers(headers) == MultipartFault::bad_part_headers);
  }
  CHECK(fault_of_headers(disposition + "a: b\tc\r\n") == MultipartFault::none);
}

TEST_CASE("multipart: a bad line of part headers → refused at its end, not behind the headers") {
  MultipartReader reader("bound");
  const auto ignore = [](const PartEvent&) {};
  CHECK(reader.feed("--bound\r\nno colon\r", ignore) == MultipartFault::none);
  CHECK(reader.feed("\n", ignore) == MultipartFault::bad_part_headers);
}

TEST_CASE("multipart: part headers around their limit → read up to it") {
  CHECK(fault_of_large(headers_of(part_headers_bytes_max - 1)) == MultipartFault::none);
  CHECK(fault_of_large(headers_of(part_headers_bytes_max)) == MultipartFault::none);
  CHECK(fault_of_large(headers_of(part_headers_bytes_max + 1)) ==
        MultipartFault::part_headers_too_long);
}

TEST_CASE("multipart: a header line without an end → refused once it is too long") {
  MultipartReader reader("bound");
  const auto ignore = [](const PartEvent&) {};
  CHECK(reader.feed("--bound\r\n" + Bytes(part_headers_bytes_max, 'x'), ignore) ==
        MultipartFault::none);
  CHECK(reader.feed("x", ignore) == MultipartFault::part_headers_too_long);
}

TEST_CASE("multipart: many parts with long headers → each has its own limit") {
  const Bytes one = headers_of(part_headers_bytes_max);
  const Bytes twice = one.substr(0, one.find("--bound--")) + one;
  CHECK(fault_of_large(twice) == MultipartFault::none);
}

TEST_CASE("multipart: parts around their limit → read up to it") {
  CHECK(fault_of_large(parts_of(parts_count_max - 1)) == MultipartFault::none);
  CHECK(fault_of_large(parts_of(parts_count_max)) == MultipartFault::none);
  CHECK(fault_of_large(parts_of(parts_count_max + 1)) == MultipartFault::too_many_parts);
}

TEST_CASE("multipart: something else behind a delimiter → bad_delimiter") {
  for (const Bytes& behind :
       std::vector<Bytes>{"x", "x\r\n", "\n", "\rx", "\r\r\n", "-x", "-\r\n", "- -", " -", " --",
                          "\t--", " x\r\n", "d\r\n", "=\r\n"}) {
    CAPTURE(behind);
    CHECK(fault_of("--bound" + behind + good) == MultipartFault::bad_delimiter);
    CHECK(fault_of("--bound\r\n" + head + "data\r\n--bound" + behind + good) ==
          MultipartFault::bad_delimiter);
  }
}

TEST_CASE("multipart: a fault after good parts → these are reported, and nothing more") {
  const Outcome outcome =
      read_whole("bound", "--bound\r\n" + head + "data\r\n--bound\r\nbad\r\n\r\n" + good);
  CHECK(outcome.fault == MultipartFault::bad_part_headers);
  CHECK(outcome.events == part("n", std::nullopt, "", "data"));
}

TEST_CASE(
    "multipart: a second part without a disposition → bad_part_headers, in spite of the first") {
  CHECK(fault_of("--bound\r\n" + head +
                 "data\r\n--bound\r\nContent-Type: a/b\r\n\r\n\r\n--bound--") ==
        MultipartFault::bad_part_headers);
}

TEST_CASE("multipart: a fault → stays, whatever follows") {
  MultipartReader reader("bound");
  std::size_t events = 0;
  const auto count = [&](const PartEvent&) { ++events; };
  CHECK(reader.feed("--boundx", count) == MultipartFault::bad_delimiter);
  CHECK(reader.feed(good, count) == MultipartFault::bad_delimiter);
  CHECK(reader.finish() == MultipartFault::bad_delimiter);
  CHECK(events == 0);
}

TEST_CASE("multipart: an LF-only body → refused at its first line") {
  CHECK(fault_of("--bound\nContent-Disposition: form-data; name=n\n\ndata\n--bound--\n") ==
        MultipartFault::bad_delimiter);
}

TEST_CASE("describe: every fault → a sentence of its own") {
  std::set<View> sentences;
  for (const MultipartFault fault :
       {MultipartFault::none, MultipartFault::no_first_delimiter, MultipartFault::bad_part_headers,
        MultipartFault::part_headers_too_long, MultipartFault::too_many_parts,
        MultipartFault::bad_delimiter, MultipartFault::cut_off}) {
    const View sentence = describe(fault);
    CHECK(sentence.size() > 20);
    CHECK(sentence.ends_with('.'));
    sentences.insert(sentence);
  }
  CHECK(sentences.size() == 7);
}

}  // namespace edgebatch::http
