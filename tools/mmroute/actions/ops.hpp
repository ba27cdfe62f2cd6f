// The ops by theme; make_op() chooses.
#pragma once

#include "actions/op.hpp"

namespace mm::route {

std::unique_ptr<Op> make_op(const Put& put, World& world);
std::unique_ptr<Op> make_op(const Map& map);
std::unique_ptr<Op> make_op(const Transpose& transpose, World& world);
std::unique_ptr<Op> make_op(const Snap& snap);
std::unique_ptr<Op> make_op(const Chord& chord);

std::unique_ptr<Op> make_op(const Shape& shape, World& world, bool for_releases);
std::unique_ptr<Op> make_op(const BendRange& range);
std::unique_ptr<Op> make_op(const Convert& convert, World& world);

std::unique_ptr<Op> make_op(const Send& send, World& world);

} // namespace mm::route
