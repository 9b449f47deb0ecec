#include "core/dialects/content.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/http/composed.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::Exact;
using namespace edgebatch::dialects;
using namespace std::literals;

struct Read {
  Content content;
  std::uint64_t json_text_bytes;
  bool operator==(const Read&) const = default;
};

Read read(const std::vector<View>& pieces) {
  ContentReader reader;
  for (const View piece : pieces) reader.feed(Exact(piece).view());
  return {reader.content(), reader.json_text_bytes()};
}

Content content(View bytes) { return read({bytes}).content; }

const std::vector<std::pair<View, Content>>& signatures() {
  static const std::vector<std::pair<View, Content>> all{
      {"\x89PNG\r\n\x1A\n"sv, Content::png},
      {"\xFF\xD8\xFF"sv, Content::jpeg},
      {"GIF87a"sv, Content::gif},
      {"GIF89a"sv, Content::gif},
      {"RIFF\x10\0\0\0WEBP"sv, Content::webp},
      {"%PDF-"sv, Content::pdf},
      {"\xEF\xBB\xBF%PDF-"sv, Content::pdf},
  };
  return all;
}

}  // namespace

TEST_CASE("content: a signature, alone or with more behind it → its kind, no text") {
  for (const auto& [signature, kind] : signatures()) {
    CHECK(read({signature}) == Read{kind, 0});
    CHECK(read({Bytes(signature) + "\xFF\0\"more"s}) == Read{kind, 0});
    CHECK(read({Bytes(signature) + " and plain text"}) == Read{kind, 0});
  }
}

TEST_CASE("content: a signature that is cut off, or stands further on → another kind") {
  for (const auto& [signature, kind] : signatures()) {
    CHECK(content(signature.substr(0, signature.size() - 1)) != kind);
    CHECK(content(Bytes(signature.substr(0, signature.size() - 1)) + "x") != kind);
    CHECK(content(" " + Bytes(signature)) != kind);
  }
  CHECK(content("RIFF\x10\0\0\0WAVE"sv) == Content::unknown);
  CHECK(content("RIFF1234 WEBP") == Content::text);
  CHECK(content("GIF88a") == Content::text);
  CHECK(content("%PDF") == Content::text);
}

TEST_CASE("content: pieces cut at every point → what the whole is") {
  std::vector<Bytes> wholes{"plain \"é😀\"\n\ttext", "not \xE9 UTF-8", "cut off \xF0\x9F\x98"};
  for (const auto& [signature, kind] : signatures()) wholes.push_back(Bytes(signature) + "rest");
  for (const View whole : wholes) {
    const Read expected = read({whole});
    std::vector<View> bytes;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      CHECK(read({whole.substr(0, at), whole.substr(at)}) == expected);
      bytes.push_back(whole.substr(at, 1));
    }
    CHECK(read(bytes) == expected);
  }
}

TEST_CASE("content: UTF-8 without control characters → text, counted as it stands in JSON") {
  for (const View text : {"a"sv, "\t\n\f\r"sv, "a \"b\" \\ é 😀 \xC2\x85\xE2\x80\xA8"sv,
                          "\xEF\xBB\xBFwith a mark"sv, "\xEF\xBB\xBF"sv})
    CHECK(read({text}) == Read{Content::text, edgebatch::http::json_text_bytes(text)});
}

TEST_CASE("content: control characters, broken UTF-8, nothing at all → unknown") {
  for (const View bytes : {"a\0b"sv, "\x01"sv, "\x08"sv, "\x0B"sv, "\x0E"sv, "\x1B[0m"sv, "\x1F"sv,
                           "a\x7F"sv, "\xC3"sv, "a\xFF"sv, "\xED\xA0\x80"sv, "\xC0\xAF"sv})
    CHECK(read({bytes}) == Read{Content::unknown, 0});
  CHECK(read({}) == Read{Content::unknown, 0});
  CHECK(read({"", ""}) == Read{Content::unknown, 0});
}

TEST_CASE("media_type: a kind → its type; unknown → none") {
  CHECK(media_type(Content::png) == "image/png");
  CHECK(media_type(Content::jpeg) == "image/jpeg");
  CHECK(media_type(Content::webp) == "image/webp");
  CHECK(media_type(Content::gif) == "image/gif");
  CHECK(media_type(Content::pdf) == "application/pdf");
  CHECK(media_type(Content::text) == "text/plain");
  CHECK(media_type(Content::unknown).empty());
}

TEST_CASE("shown media type: images and documents → their own, whatever was declared") {
  CHECK(shown_media_type(Content::png, "text/plain", "a.txt") == "image/png");
  CHECK(shown_media_type(Content::pdf, "", "") == "application/pdf");
}

TEST_CASE("shown media type: text → the declared type of text, else by the name") {
  const auto shown = [](View declared, View name) {
    return shown_media_type(Content::text, declared, name);
  };
  CHECK(shown("text/markdown", "a.csv") == "text/markdown");
  CHECK(shown("Application/JSON; charset=utf-8", "a.csv") == "application/json");
  CHECK(shown("application/vnd.api+json", "") == "application/vnd.api+json");
  CHECK(shown("image/svg+xml", "") == "image/svg+xml");
  CHECK(shown("application/octet-stream", "a.csv") == "text/csv");
  CHECK(shown("image/png", "a.MD") == "text/markdown");
  CHECK(shown("", "a.b.ndjson") == "application/x-ndjson");
  CHECK(shown("", "page.htm") == "text/html");
  CHECK(shown("", "notes.txt") == "text/plain");
  CHECK(shown("", "csv") == "text/plain");
  CHECK(shown("", "") == "text/plain");
}

TEST_CASE("shown media type: unknown content → the declared type, if it is well-formed") {
  const auto shown = [](View declared) {
    return shown_media_type(Content::unknown, declared, "a.json");
  };
  CHECK(shown("application/zip") == "application/zip");
  CHECK(shown("x09az/!#$&-^_.+") == "x09az/!#$&-^_.+");
  CHECK(shown(" Application/ZIP ;x=\"y\"") == "application/zip");
  CHECK(shown("a/" + Bytes(127, 'b')) == "a/" + Bytes(127, 'b'));
  const Bytes long_type = Bytes(128, 'b') + "/a";
  const Bytes long_subtype = "a/" + Bytes(128, 'b');
  for (const View declared : {View(""), View("zip"), View("application/"), View("/zip"),
                              View("a/b/c"), View("a/b\r\nx: y"), View("a b/c"), View("é/b"),
                              View(";"), View(long_type), View(long_subtype)})
    CHECK(shown(declared) == "application/octet-stream");
}
