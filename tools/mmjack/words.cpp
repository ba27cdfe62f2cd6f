#include "words.hpp"

#include <algorithm>

namespace mm::jack {

Result<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    std::string word;
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        word += text[at];
      }
      if (at == text.size()) return Error{"a string that is not closed: " + std::string(text)};
      ++at;
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
      word = text.substr(at, end - at);
      at = end;
    }
    words.push_back(std::move(word));
  }
  return words;
}

std::string as_word(std::string_view word) {
  const auto is_plain = [](unsigned char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '#' && c != '@';
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  std::string text = "\"";
  for (const char c : word) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) { // no line holds such a one
      text += '?';
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

} // namespace mm::jack
