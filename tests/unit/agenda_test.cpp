// What is due later: the order in which it is handed out, times that are shifted, and its memory.
#include "events.hpp"
#include "io/agenda.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <memory>
#include <memory_resource>

namespace mm {
namespace {

using test::Lines;
using testing::ElementsAre;

constexpr Nanoseconds latest = std::numeric_limits<Nanoseconds>::max();

using Names = Agenda<std::string>;

// All that is there, in its order: "TIME NAME"; then nothing is.
Lines taken(Names& agenda) {
  Lines lines;
  while (const auto next = agenda.next())
    lines.push_back(std::to_string(*next) + ' ' + agenda.take());
  return lines;
}

TEST(Agenda, hands_out_by_time_and_equal_times_in_the_order_in_which_they_were_added) {
  Names agenda;
  agenda.add(30, "late");
  agenda.add(20, "one");
  agenda.add(10, "early");
  agenda.add(20, "two");
  agenda.add(-5, "before all");
  agenda.add(20, "three");
  EXPECT_EQ(agenda.size(), 6U);
  EXPECT_THAT(taken(agenda),
              ElementsAre("-5 before all", "10 early", "20 one", "20 two", "20 three", "30 late"));
  EXPECT_TRUE(agenda.empty());
}

TEST(Agenda, goes_on_while_entries_are_taken) {
  Names agenda;
  agenda.add(20, "a");
  agenda.add(20, "b");
  EXPECT_EQ(agenda.take(), "a");
  agenda.add(20, "a again");
  agenda.add(10, "overdue");
  EXPECT_THAT(taken(agenda), ElementsAre("10 overdue", "20 b", "20 a again"));
}

TEST(Agenda, nothing_is_due_where_nothing_is) {
  Names agenda;
  EXPECT_EQ(agenda.next(), std::nullopt);
  EXPECT_TRUE(agenda.empty());
  EXPECT_EQ(agenda.size(), 0U);
  agenda.add(1, "a");
  EXPECT_EQ(agenda.next(), 1);
  EXPECT_FALSE(agenda.empty());
  agenda.take();
  EXPECT_EQ(agenda.next(), std::nullopt);
}

TEST(Agenda, removes_the_entry_of_a_place_and_no_other) {
  Names agenda;
  agenda.add(20, "a");
  const auto b = agenda.add(20, "b");
  const auto c = agenda.add(20, "c");
  agenda.remove(b);
  agenda.remove(b);
  EXPECT_THAT(taken(agenda), ElementsAre("20 a", "20 c"));
  agenda.add(20, "d");
  agenda.remove(c);
  EXPECT_THAT(taken(agenda), ElementsAre("20 d")) << "a place is not given out again";
}

TEST(Agenda, removes_what_it_is_told) {
  Names agenda;
  for (const char* const name : {"a1", "b1", "a2", "b2"}) agenda.add(7, name);
  agenda.remove_if([](const std::string& name) { return name[0] == 'a'; });
  EXPECT_THAT(taken(agenda), ElementsAre("7 b1", "7 b2"));
}

TEST(Agenda, shows_all_in_their_order) {
  Names agenda;
  agenda.add(2, "b");
  agenda.add(1, "a");
  agenda.add(2, "c");
  Lines seen;
  agenda.for_each([&](const std::string& name) { seen.push_back(name); });
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
  EXPECT_EQ(agenda.size(), 3U);
}

TEST(Agenda, is_shifted_as_a_whole_and_the_new_places_are_told) {
  Names agenda;
  agenda.add(20, "b");
  agenda.add(20, "c");
  agenda.add(10, "a");
  std::map<std::string, Names::Place> places;
  agenda.shift(1000,
               [&](const std::string& name, const Names::Place& place) { places[name] = place; });
  agenda.add(1020, "d");
  agenda.remove(places.at("b"));
  EXPECT_THAT(taken(agenda), ElementsAre("1010 a", "1020 c", "1020 d"));
}

TEST(Agenda, can_be_shifted_back_or_by_nothing) {
  const auto ignore = [](const auto& /*entry*/, const auto& /*place*/) {};
  Names agenda;
  agenda.shift(5, ignore);
  agenda.add(20, "a");
  agenda.shift(0, ignore);
  EXPECT_EQ(agenda.next(), 20);
  agenda.shift(-30, ignore);
  EXPECT_THAT(taken(agenda), ElementsAre("-10 a"));
}

TEST(Agenda, is_shifted_to_the_last_time_at_most) {
  Names agenda;
  agenda.add(10, "a");
  agenda.add(20, "b");
  agenda.shift(latest - 15, [](const auto& /*entry*/, const auto& /*place*/) {});
  EXPECT_THAT(taken(agenda), ElementsAre("9223372036854775802 a", "9223372036854775807 b"));
}

TEST(Agenda, holds_what_can_only_be_moved) {
  Agenda<std::unique_ptr<int>> agenda;
  agenda.add(2, std::make_unique<int>(2));
  agenda.add(1, std::make_unique<int>(1));
  agenda.shift(1, [](const auto& /*entry*/, const auto& /*place*/) {});
  EXPECT_EQ(*agenda.take(), 1);
  EXPECT_EQ(*agenda.take(), 2);
}

// Counts what is allocated while it is the default.
class Counted : public std::pmr::memory_resource {
 public:
  Counted() : before_(std::pmr::set_default_resource(this)) {}
  ~Counted() override { std::pmr::set_default_resource(before_); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  [[nodiscard]] int count() const { return count_; }

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    ++count_;
    return before_->allocate(size, alignment);
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    before_->deallocate(at, size, alignment);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::pmr::memory_resource* before_;
  int count_ = 0;
};

TEST(Agenda, what_has_held_as_much_before_allocates_nothing) {
  const auto ignore = [](const auto& /*entry*/, const auto& /*place*/) {};
  const Counted counted;
  Agenda<int> agenda;
  const auto fill = [&] {
    for (int i = 0; i < 1000; ++i) agenda.add(i % 7, i);
  };
  fill();
  agenda.shift(1, ignore); // for a while there are twice as many
  const int at_first = counted.count();
  EXPECT_GT(at_first, 0);
  for (int round = 0; round < 100; ++round) {
    while (agenda.size() > 10) agenda.take();
    const auto place = agenda.add(3, 0);
    agenda.remove(place);
    agenda.remove_if([](int) { return true; });
    fill();
    agenda.shift(1, ignore);
  }
  EXPECT_EQ(counted.count(), at_first);
}

} // namespace
} // namespace mm
