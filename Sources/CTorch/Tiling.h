#pragma once
#include "Threads.h"
#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

namespace ct {

/// Some neighbouring rows and columns of a matrix.
struct Rectangle {
  int64_t top, bottom, left, right;

  int64_t height() const { return bottom - top; }
  int64_t width() const { return right - left; }

  /// Runs `body` for its rows, so many at a time.
  template <typename Body> void strips(int64_t tall, const Body &body) const {
    for (auto first = top; first < bottom; first += tall) body(Rectangle{first, std::min(bottom, first + tall), left, right});
  }
};

/// A matrix in rectangles of about the same size, so many that each of `parts` that are done side by side has about the same to do.
struct Tiling {
  int64_t rows, columns, parts, height, width, down, across;

  /// Rows and columns come in so many: what is turned round is then written in whole lines of the cache.
  static constexpr int64_t unit = 16;
  /// The most rows or columns of a tile: the factors that make it then stay in a core's own cache.
  static constexpr int64_t most = 128;

  /// All tiles of `width` columns where that is given.
  Tiling(int64_t rows, int64_t columns, int64_t parts, int64_t width = 0) : rows(rows), columns(columns), parts(parts) {
    struct Known {
      int64_t rows, columns, width, parts;
      auto operator<=>(const Known &) const = default;
    };
    thread_local std::map<Known, std::pair<int64_t, int64_t>> known;
    auto [found, is_new] = known.try_emplace({rows, columns, width, parts});
    if (is_new) found->second = shape(width);
    height = found->second.first;
    this->width = found->second.second;
    down = whole(rows, height);
    across = whole(columns, this->width);
  }

  /// Runs `body` for the rectangles of one part.
  template <typename Body> void each(int64_t part, const Body &body) const {
    auto count = down * across;
    for (auto tile = count * part / parts; tile < count * (part + 1) / parts; ++tile) {
      auto top = tile / across * height, left = tile % across * width;
      body(Rectangle{top, std::min(rows, top + height), left, std::min(columns, left + width)});
    }
  }

private:
  /// The height and width with which the thread that has the most tiles has the least to do.
  std::pair<int64_t, int64_t> shape(int64_t asked) const {
    std::pair<int64_t, int64_t> best{unit, asked ? asked : unit};
    auto least = std::numeric_limits<double>::infinity();
    for (auto tall = unit; tall < std::min(rows, most) + unit; tall += unit) {
      for (auto wide = asked ? asked : unit; wide < (asked ? asked + unit : std::min(columns, most) + unit); wide += unit) {
        // Tiles at the edges count as whole ones, and small ones take more than their numbers.
        auto turns = whole(whole(rows, tall) * whole(columns, wide), parts);
        auto work = static_cast<double>(turns) * static_cast<double>((tall + 4) * (wide + 4));
        if (work < least) {
          least = work;
          best = {tall, wide};
        }
      }
    }
    return best;
  }
};

} // namespace ct
