#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/multipart.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/http/multipart_outcome.hpp"
#include "tests/unit/text/exact.hpp"

namespace edgebatch::http {
namespace {

struct Sample {
  const char* what;
  Bytes boundary;
  Bytes body;
  Bytes events;
};

const Bytes jsonl =
    "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{}}\n"
    "{\"custom_id\":\"ä€😀\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{}}\n";

Sample javascript_sdk() {
  return {"the JavaScript SDK: file first", "openai-0.8f3k2",
          "--openai-0.8f3k2\r\n"
          "Content-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n"
          "Content-Type: application/octet-stream\r\n"
          "\r\n" +
              jsonl +
              "\r\n--openai-0.8f3k2\r\n"
              "Content-Disposition: form-data; name=\"purpose\"\r\n"
              "\r\n"
              "batch\r\n"
              "--openai-0.8f3k2\r\n"
              "Content-Disposition: form-data; name=\"expires_after[anchor]\"\r\n"
              "\r\n"
              "created_at\r\n"
              "--openai-0.8f3k2\r\n"
              "Content-Disposition: form-data; name=\"expires_after[seconds]\"\r\n"
              "\r\n"
              "3600\r\n"
              "--openai-0.8f3k2--\r\n"
              "\r\n",
          part("file", "in.jsonl", "application/octet-stream", jsonl) +
              part("purpose", std::nullopt, "", "batch") +
              part("expires_after[anchor]", std::nullopt, "", "created_at") +
              part("expires_after[seconds]", std::nullopt, "", "3600")};
}

Sample python_sdk() {
  return {"the Python SDK: fields first", "0123456789abcdef0123456789abcdef",
          "--0123456789abcdef0123456789abcdef\r\n"
          "Content-Disposition: form-data; name=\"purpose\"\r\n"
          "\r\n"
          "batch\r\n"
          "--0123456789abcdef0123456789abcdef\r\n"
          "Content-Disposition: form-data; name=\"file\"; filename=\"upload\"\r\n"
          "Content-Type: application/octet-stream\r\n"
          "\r\n" +
              jsonl + "\r\n--0123456789abcdef0123456789abcdef--\r\n",
          part("purpose", std::nullopt, "", "batch") +
              part("file", "upload", "application/octet-stream", jsonl)};
}

// The smallest body with two parts, and the hardest data around a delimiter.
Sample small() {
  return {
      "a small body", "b",
      "--b\r\n"
      "Content-Disposition:form-data\r\n"
      "\r\n"
      "\r\n--\r\n\r\n-\r\r\n--\r\n--b\r\n"
      "content-disposition:form-data;name=x\r\n"
      "\r\n"
      "\r\r\n--b--",
      part("", std::nullopt, "", "\r\n--\r\n\r\n-\r\r\n--") + part("x", std::nullopt, "", "\r")};
}

Sample with_data(const char* what, const Bytes& data, const Bytes& tail = "\r\n") {
  return {what, "bound",
          "--bound\r\n"
          "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
          "\r\n" +
              data + "\r\n--bound--" + tail,
          part("file", "f", "", data)};
}

Sample with_headers(const char* what, const Bytes& headers, const Bytes& events) {
  return {what, "bound", "--bound\r\n" + headers + "\r\ndata\r\n--bound--\r\n", events};
}

std::vector<Sample> header_samples() {
  return {
      with_headers("no filename: Anthropic's bare bytes",
                   "Content-Disposition: form-data; name=\"file\"\r\n",
                   part("file", std::nullopt, "", "data")),
      with_headers("an empty filename", "Content-Disposition: form-data; name=a; filename=\"\"\r\n",
                   part("a", "", "", "data")),
      with_headers(
          "escaped quotes",
          "Content-Disposition: form-data; name=\"%22n%22\"; filename=\"a%22b%22%0D%2.txt\"\r\n",
          part("\"n\"", "a\"b\"%0D%2.txt", "", "data")),
      with_headers("quotes behind backslashes",
                   "Content-Disposition: form-data; name=\"n\"; filename=\"a\\\"b.txt\"\r\n",
                   part("n", "a\"b.txt", "", "data")),
      with_headers("raw UTF-8 names",
                   "Content-Disposition: form-data; name=\"größe\"; filename=\"日本 😀.jsonl\"\r\n",
                   part("größe", "日本 😀.jsonl", "", "data")),
      with_headers(
          "names that aren't UTF-8",
          "Content-Disposition: form-data; name=\"gr\xF6\xDF\"; filename=\"\xFF.jsonl\"\r\n"
          "Content-Type: \xE4\r\n",
          part("gr\xEF\xBF\xBD\xEF\xBF\xBD", "\xEF\xBF\xBD.jsonl", "\xEF\xBF\xBD", "data")),
      with_headers("a path of Unix",
                   "Content-Disposition: form-data; name=n; filename=\"/etc/../in.jsonl\"\r\n",
                   part("n", "in.jsonl", "", "data")),
      with_headers("a path of Windows",
                   "Content-Disposition: form-data; name=n; filename=\"C:\\dir\\in.jsonl\"\r\n",
                   part("n", "in.jsonl", "", "data")),
      with_headers("an RFC 5987 filename, which RFC 7578 forbids",
                   "Content-Disposition: form-data; name=n; filename*=utf-8''x\r\n",
                   part("n", std::nullopt, "", "data")),
      with_headers("a filename with separators",
                   "Content-Disposition: form-data; name=\"n\"; filename=\"a; name=x: y.txt\"\r\n",
                   part("n", "a; name=x: y.txt", "", "data")),
      with_headers("lower case, no blanks",
                   "content-type:text/plain\r\ncontent-disposition:form-data;name=n;filename=f\r\n",
                   part("n", "f", "text/plain", "data")),
      with_headers("blanks around everything",
                   "CONTENT-TYPE \t: \ttext/plain; a=b\t \r\n"
                   "Content-Disposition :\tForm-Data ; name = \"n\" ; filename = f \r\n",
                   part("n", "f", "text/plain; a=b", "data")),
      with_headers("other headers, and one without a value",
                   "X-Extra: 1\r\nX-Empty:\r\nContent-Length: 4\r\n"
                   "Content-Disposition: form-data; name=n\r\nX-Tab: a\tb\r\n",
                   part("n", std::nullopt, "", "data")),
      with_headers("names of names within names",
                   "Content-Disposition: form-data; filename=f; xname=x; name=n; Name=m\r\n",
                   part("n", "f", "", "data")),
  };
}

std::vector<Sample> data_samples() {
  return {
      with_data("an empty file", ""),
      with_data("no final CRLF", "data", ""),
      with_data("an epilogue", "data", "\r\nepilogue\r\n--bound\r\nmore\r\n--bound--"),
      with_data("an epilogue without CRLF", "data", "epilogue"),
      with_data("CRLF alone", "\r\n"),
      with_data("CRLFs everywhere", "\r\n\r\na\r\n\r\n"),
      with_data("CRs at the end", "a\r\r\r"),
      with_data("LFs and dashes", "\n--bound\n--bound--\n"),
      with_data("the boundary inside of a line", "x--bound\r\n --bound\r\n-bound bound--"),
      with_data("almost delimiters", "\r\n--boun\r\n--bounD\r\n--boun\r\n-\r\n--\r\n--b"),
      with_data("delimiters that break off in a CR", "\r\n\r\n--bo\r\n--\r\r\n-\r\n--boun"),
      with_data("all bytes",
                [] {
                  Bytes out;
                  for (int byte = 0; byte < 256; ++byte) out.push_back(static_cast<char>(byte));
                  return out;
                }()),
  };
}

std::vector<Sample> frame_samples() {
  const Bytes head = "Content-Disposition: form-data; name=n\r\n\r\n";
  const Bytes one = part("n", std::nullopt, "", "data");
  return {
      {"no part at all", "bound", "--bound--\r\n", ""},
      {"a preamble", "bound",
       "preamble\r\n-- bound\r\n\r\n--bound\r\n" + head + "data\r\n--bound--", one},
      {"a CRLF first", "bound", "\r\n--bound\r\n" + head + "data\r\n--bound--\r\n", one},
      {"blanks behind delimiters", "bound", "--bound \t \r\n" + head + "data\r\n--bound-- \t\r\n",
       one},
      {"a delimiter right behind the headers", "bound",
       "--bound\r\n" + head + "--bound\r\n" + head + "data\r\n--bound--",
       part("n", std::nullopt, "", "") + one},
      {"dashes right behind the headers", "bound", "--bound\r\n" + head + "--boun\r\n--bound--",
       part("n", std::nullopt, "", "--boun")},
      {"a boundary of dashes", "----",
       "------\r\n" + head + "-----\r\n----\r\n------\r\n" + head + "data\r\n--------",
       part("n", std::nullopt, "", "-----\r\n----") + one},
  };
}

void check_at_every_cut(const Sample& sample) {
  INFO(sample.what);
  const Outcome whole = read_whole(sample.boundary, sample.body);
  CHECK(whole.events == sample.events);
  CHECK(whole.fault == MultipartFault::none);
  CHECK_THAT(cuts_that_matter(sample.boundary, sample.body), Catch::Matchers::IsEmpty());
  for (const std::size_t size : {1U, 2U, 3U, 5U, 7U, 11U, 64U}) {
    CAPTURE(size);
    CHECK(read_in_pieces_of(size, sample.boundary, sample.body) == whole);
  }
}

}  // namespace

TEST_CASE("multipart: bodies of the SDKs, cut anywhere → their parts") {
  check_at_every_cut(javascript_sdk());
  check_at_every_cut(python_sdk());
}

TEST_CASE("multipart: all kinds of part headers, cut anywhere → their names and types") {
  for (const Sample& sample : header_samples()) check_at_every_cut(sample);
}

TEST_CASE("multipart: all kinds of data, cut anywhere → the data") {
  for (const Sample& sample : data_samples()) check_at_every_cut(sample);
}

TEST_CASE("multipart: all kinds of frames, cut anywhere → their parts") {
  for (const Sample& sample : frame_samples()) check_at_every_cut(sample);
}

TEST_CASE("multipart: a small body in every three pieces → its parts") {
  const Sample sample = small();
  check_at_every_cut(sample);
  const View body = sample.body;
  std::size_t wrong = 0;
  for (std::size_t first = 0; first <= body.size(); ++first) {
    for (std::size_t second = first; second <= body.size(); ++second) {
      const auto outcome = read_pieces(
          sample.boundary,
          {body.substr(0, first), body.substr(first, second - first), body.substr(second)});
      if (outcome.events != sample.events || outcome.fault != MultipartFault::none) {
        UNSCOPED_INFO("cut at " << first << " and " << second);
        ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("multipart: data without a CR in large pieces → none of it is copied") {
  const Bytes data(100'000, 'x');
  const Sample sample = with_data("plain", data);
  for (const std::size_t size : {std::size_t{1'000}, std::size_t{4'097}, sample.body.size()}) {
    const Outcome outcome = read_in_pieces_of(size, sample.boundary, sample.body);
    CHECK(outcome.events == sample.events);
    CHECK(outcome.copied_bytes == 0);
  }
}

TEST_CASE("multipart: a piece that ends in the start of a delimiter → only that is held back") {
  const Sample sample = with_data("held", "abc\r\n--bouXYZ");
  const std::size_t cut = sample.body.find("XYZ");
  const View body = sample.body;
  Recorder recorder(sample.boundary);
  recorder.feed(body.substr(0, cut));
  recorder.feed(body.substr(cut));
  const Outcome outcome = recorder.finish();
  CHECK(outcome.events == sample.events);
  CHECK(outcome.copied_bytes == View("\r\n--bou").size());
}

// A reader that looked at bytes again and again would take minutes.
TEST_CASE("multipart: a megabyte of near-delimiters → read in linear time") {
  constexpr std::size_t bytes = 1'000'000;
  for (const View unit : {"\r", "\r\n", "\r\n-", "\r\n--boun", "\r\r\n--boun", "\n--bound"}) {
    Bytes data;
    while (data.size() < bytes) data += unit;
    const Sample sample = with_data("evil", data);
    const bool whole = read_whole(sample.boundary, sample.body).events == sample.events;
    const bool in_small_pieces =
        read_in_pieces_of(13, sample.boundary, sample.body).events == sample.events;
    CAPTURE(unit);
    CHECK(whole);
    CHECK(in_small_pieces);
  }
}

TEST_CASE("MultipartReader: next → one event at a time, and the rest of the piece") {
  const Sample sample = with_data("one at a time", "data", "");
  MultipartReader reader(sample.boundary);
  const Exact exact(sample.body);
  View piece = exact.view();

  auto event = reader.next(piece);
  REQUIRE(event);
  CHECK(std::get_if<PartBegin>(&*event) != nullptr);
  CHECK(piece == "data\r\n--bound--");

  event = reader.next(piece);
  REQUIRE(event);
  const auto* data = std::get_if<PartData>(&*event);
  REQUIRE(data != nullptr);
  CHECK(data->bytes == "data");

  event = reader.next(piece);
  REQUIRE(event);
  CHECK(std::get_if<PartEnd>(&*event) != nullptr);
  CHECK_FALSE(reader.next(piece));
  CHECK(piece.empty());
  CHECK(reader.fault() == MultipartFault::none);
  CHECK(reader.finish() == MultipartFault::none);
}

TEST_CASE("MultipartReader: a piece that ends with a delimiter → data and end come at once") {
  MultipartReader reader("b");
  std::size_t ends = 0;
  Bytes data;
  const auto sink = [&](const PartEvent& event) {
    if (std::holds_alternative<PartEnd>(event)) ++ends;
    if (const auto* some = std::get_if<PartData>(&event)) data += some->bytes;
  };
  CHECK(reader.feed("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b", sink) ==
        MultipartFault::none);
  CHECK(data == "x");
  CHECK(ends == 1);
}

TEST_CASE("MultipartReader: moved in the middle → goes on") {
  const Sample sample = small();
  const View body = sample.body;
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    Bytes data;
    const auto sink = [&](const PartEvent& event) {
      if (const auto* some = std::get_if<PartData>(&event)) data += some->bytes;
    };
    MultipartReader first(sample.boundary);
    first.feed(body.substr(0, cut), sink);
    MultipartReader second = std::move(first);
    second.feed(body.substr(cut), sink);
    CAPTURE(cut);
    CHECK(data == "\r\n--\r\n\r\n-\r\r\n--\r");
    CHECK(second.finish() == MultipartFault::none);
  }
}

}  // namespace edgebatch::http
