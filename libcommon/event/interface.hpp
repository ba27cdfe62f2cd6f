// What classes that others implement have in common.
#pragma once

namespace mm {

// Deleted through a pointer to the base, and never copied.
class Interface {
 public:
  Interface() = default;
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;
  virtual ~Interface() = default;
};

} // namespace mm
