// The ports that a tool was asked for, as those of others come and go.
#include "events.hpp"
#include "port/connections.hpp"
#include "port/fake.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using test::Lines;
using testing::ElementsAre;
using testing::IsEmpty;

PortInfo input(std::string client, std::string name, std::string address) {
  return {"fake", Direction::input, std::move(client), std::move(name), std::move(address), false};
}

// A port of ours: "TAG <- PEER (ADDRESS)", and its state.
std::string describe(const Connections::Port& port) {
  std::string text = port.tag.empty() ? '(' + port.request.pattern + ')' : port.tag;
  text += port.is_virtual ? " virtual" : " <- " + port.peer + " (" + port.address + ")";
  text += port.id ? " open as " + std::to_string(*port.id) : " closed";
  return text + (port.connected ? ", connected" : "");
}

class ConnectionsTest : public testing::Test {
 protected:
  ConnectionsTest() {
    fake_.plug(keys_);
    fake_.plug(pads_);
    fake_.plug({"fake", Direction::output, "Synth", "in", "30:0", false});
  }

  // What -p, --virtual, --all and --wait ask for.
  Connections& ask(const Lines& ports, const Lines& virtuals = {}, bool all = false,
                   bool wait = false) {
    PortOptions options;
    for (const auto& port : ports) options.ports.push_back(parse_port_request(port).value());
    for (const auto& port : virtuals) options.virtuals.push_back(parse_port_request(port).value());
    options.all = all;
    options.wait = wait;
    return connections_.emplace(Direction::input, std::move(options));
  }

  std::string opened() {
    const Outcome opened = connections_->open(fake_, time_);
    return opened ? "" : std::to_string(opened.error().status) + ": " + opened.error().what;
  }

  [[nodiscard]] Lines ports() const {
    Lines lines;
    for (const auto& port : connections_->ports()) lines.push_back(describe(port));
    return lines;
  }

  static Lines describe_all(const std::vector<Connections::Change>& changes) {
    Lines lines;
    for (const auto& change : changes)
      lines.push_back(std::to_string(change.index) +
                      (change.connected ? " connected as " : " disconnected as ") +
                      std::to_string(change.id));
    return lines;
  }

  Lines updated() {
    time_ += second;
    const auto changes = connections_->update(fake_, time_);
    if (changes) return describe_all(changes.value());
    return {std::to_string(changes.error().status) + ": " + changes.error().what};
  }

  const PortInfo keys_ = input("Keys", "Keys out", "20:0");
  const PortInfo pads_ = input("Pads", "out", "21:0");
  Fake fake_;
  std::optional<Connections> connections_;
  Nanoseconds time_ = second; // between two looks a second goes by
};

// --- at the start ---

TEST_F(ConnectionsTest, opens_the_ports_that_were_asked_for) {
  ask({"pads=p", "keys"});
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("p <- Pads:out (21:0) open as 0, connected",
                                   "Keys_out <- Keys:Keys out (20:0) open as 1, connected"));
  EXPECT_THAT(updated(), IsEmpty());
  EXPECT_TRUE(connections_->all_connected());
  EXPECT_FALSE(connections_->next_try());
  EXPECT_EQ(fake_.open_ports(), 2U);
}

TEST_F(ConnectionsTest, a_port_that_is_missing_is_an_error_that_lists_what_there_is) {
  ask({"keys", "organ"});
  EXPECT_EQ(opened(),
            "1: port 'organ': there is no such input port (--wait waits until it comes); there is:"
            "\n  fake  in   21:0  Pads:out");
}

TEST_F(ConnectionsTest, one_that_is_ambiguous_is_an_error_even_with_wait) {
  for (const bool wait : {false, true}) {
    ask({"out"}, {}, false, wait);
    fake_.plug(input("Drums", "out", "22:0"));
    EXPECT_EQ(opened(),
              "1: port 'out': more than one fits; say which by its full name or its address:\n"
              "  fake  in   21:0  Pads:out\n"
              "  fake  in   22:0  Drums:out");
    fake_.unplug("22:0");
  }
}

TEST_F(ConnectionsTest, one_that_cannot_be_connected_is_an_error_unless_it_is_waited_for) {
  fake_.refused = {"20:0"};
  ask({"keys"});
  EXPECT_EQ(opened(), "1: port Keys:Keys out: it cannot be connected");
  ask({"keys"}, {}, false, true);
  EXPECT_EQ(opened(), "");
  EXPECT_TRUE(connections_->next_try());
  EXPECT_THAT(ports(), ElementsAre("(keys) <-  () closed"));
}

TEST_F(ConnectionsTest, two_ports_of_one_name_are_two_ports) {
  fake_.plug(input("Pads", "out", "23:0"));
  ask({"21:0", "23:0", "keys"});
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("Pads:out <- Pads:out (21:0) open as 0, connected",
                                   "Pads:out/23:0 <- Pads:out (23:0) open as 1, connected",
                                   "Keys_out <- Keys:Keys out (20:0) open as 2, connected"));
}

TEST_F(ConnectionsTest, what_one_request_has_taken_the_next_one_does_not_find) {
  ask({"keys", "/e?y?s.*out/"});
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("Keys_out <- Keys:Keys out (20:0) open as 0, connected",
                                   "Pads:out <- Pads:out (21:0) open as 1, connected"));
}

// --- waiting, going, coming back ---

TEST_F(ConnectionsTest, waits_for_a_port_that_comes_later) {
  ask({"organ=o", "keys"}, {}, false, true);
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("(organ) <-  () closed",
                                   "Keys_out <- Keys:Keys out (20:0) open as 0, connected"));
  EXPECT_TRUE(connections_->any_connected());
  EXPECT_FALSE(connections_->all_connected());
  EXPECT_THAT(updated(), IsEmpty());
  fake_.plug(input("Drums", "out", "22:0"));
  EXPECT_THAT(updated(), IsEmpty());
  fake_.plug(input("Organ", "Organ 1", "24:0"));
  EXPECT_THAT(updated(), ElementsAre("0 connected as 1"));
  EXPECT_THAT(ports(), ElementsAre("o <- Organ:Organ 1 (24:0) open as 1, connected",
                                   "Keys_out <- Keys:Keys out (20:0) open as 0, connected"));
  EXPECT_TRUE(connections_->all_connected());
}

TEST_F(ConnectionsTest, two_that_fit_and_come_at_once_are_told_once_and_waited_for) {
  ask({"organ", "keys"}, {}, false, true);
  EXPECT_EQ(opened(), "");
  fake_.plug(input("Organ", "Organ 1", "24:0"));
  fake_.plug(input("Organ", "Organ 2", "24:1"));
  const std::string notice = "port 'organ': more than one fits; say which by its full name or its "
                             "address:\n"
                             "  fake  in   24:0  Organ:Organ 1\n"
                             "  fake  in   24:1  Organ:Organ 2";
  EXPECT_THAT(updated(), IsEmpty());
  EXPECT_THAT(connections_->take_notices(), ElementsAre(notice));
  fake_.unplug("20:0");
  EXPECT_THAT(updated(), ElementsAre("1 disconnected as 0")) << "the others go on";
  EXPECT_THAT(connections_->take_notices(), IsEmpty()) << "said once";
  fake_.unplug("24:1");
  EXPECT_THAT(updated(), ElementsAre("0 connected as 1"));
  EXPECT_THAT(connections_->take_notices(), IsEmpty());
}

TEST_F(ConnectionsTest, one_port_asked_for_twice_is_an_error_that_says_so) {
  ask({"keys", "Keys out"}, {}, false, true);
  EXPECT_EQ(opened(), "");
  ask({"keys", "Keys out"});
  EXPECT_EQ(opened(), "1: port 'Keys out': asked for twice");
}

TEST_F(ConnectionsTest, a_port_that_is_back_at_once_has_gone_all_the_same) {
  ask({"keys=k"});
  EXPECT_EQ(opened(), "");
  fake_.replug("20:0");
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0", "0 connected as 1"));
  EXPECT_THAT(updated(), IsEmpty());
}

TEST_F(ConnectionsTest, another_device_of_the_same_name_is_not_taken_for_it) {
  const PortInfo twin = input("Keys", "Keys out", "22:0");
  fake_.plug(twin);
  ask({"20:0=left"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0"));
  EXPECT_THAT(updated(), IsEmpty());
  fake_.plug(input("Keys", "Keys out", "25:0")); // it, since the twin was there before
  EXPECT_THAT(updated(), ElementsAre("0 connected as 1"));
  EXPECT_THAT(ports(), ElementsAre("left <- Keys:Keys out (25:0) open as 1, connected"));
}

TEST_F(ConnectionsTest, its_client_may_come_back_under_another_name_if_the_words_still_fit) {
  ask({"Keys out"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0"));
  fake_.plug(input("Other", "Keys out 2", "30:0")); // fits as well, and is another port
  EXPECT_THAT(updated(), IsEmpty());
  fake_.unplug("30:0");
  fake_.plug(input("Keys-01", "Keys out", "31:0"));
  EXPECT_THAT(updated(), ElementsAre("0 connected as 1"));
  EXPECT_THAT(ports(), ElementsAre("Keys_out <- Keys-01:Keys out (31:0) open as 1, connected"));
}

TEST_F(ConnectionsTest, one_that_lets_nobody_in_is_tried_again_later_and_keeps_no_other_waiting) {
  fake_.refused = {"20:0"};
  ask({}, {}, true);
  EXPECT_EQ(opened(), "");
  EXPECT_EQ(connections_->next_try(), time_ + second / 10);
  time_ -= second;
  fake_.unplug("21:0");
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0")) << "at once";
  EXPECT_EQ(connections_->next_try(), time_ + second / 10) << "it was not tried";
  for (int i = 0; i < 30; ++i) EXPECT_THAT(updated(), IsEmpty());
  EXPECT_EQ(connections_->next_try(), time_ + 2 * second) << "more and more rarely";
  fake_.unplug("20:0");
  EXPECT_THAT(updated(), IsEmpty());
  EXPECT_FALSE(connections_->next_try());
}

TEST_F(ConnectionsTest, a_port_goes_and_comes_back_with_another_address) {
  ask({"keys=k", "pads"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0"));
  EXPECT_THAT(ports(), ElementsAre("k <- Keys:Keys out (20:0) closed",
                                   "Pads:out <- Pads:out (21:0) open as 1, connected"));
  EXPECT_EQ(fake_.open_ports(), 1U);
  EXPECT_TRUE(connections_->any_connected());
  EXPECT_FALSE(connections_->all_connected());
  EXPECT_THAT(updated(), IsEmpty()) << "said once";

  fake_.plug(input("Keys", "Keys out", "28:0"));
  EXPECT_THAT(updated(), ElementsAre("0 connected as 2"));
  EXPECT_THAT(ports(), ElementsAre("k <- Keys:Keys out (28:0) open as 2, connected",
                                   "Pads:out <- Pads:out (21:0) open as 1, connected"));
}

TEST_F(ConnectionsTest, only_the_port_itself_is_taken_up_again) {
  ask({"keys"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  updated();
  fake_.plug(input("Keys", "Keys B", "20:0")); // would fit, at its address even
  EXPECT_THAT(updated(), IsEmpty());
  fake_.plug(input("Keys", "Keys out", "29:0"));
  EXPECT_THAT(updated(), ElementsAre("0 connected as 1"));
}

TEST_F(ConnectionsTest, gone_and_back_between_two_looks_is_both) {
  ask({"keys"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  fake_.plug(input("Keys", "Keys out", "28:0"));
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0", "0 connected as 1"));
  EXPECT_EQ(fake_.open_ports(), 1U);
}

TEST_F(ConnectionsTest, another_port_at_the_same_address_is_another_port) {
  ask({"keys"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  fake_.plug(input("Drums", "out", "20:0"));
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0"));
  EXPECT_THAT(ports(), ElementsAre("Keys_out <- Keys:Keys out (20:0) closed"));
  EXPECT_EQ(fake_.open_ports(), 0U);
}

TEST_F(ConnectionsTest, one_that_cannot_be_connected_yet_is_tried_again) {
  ask({"keys"});
  EXPECT_EQ(opened(), "");
  fake_.unplug("20:0");
  updated();
  fake_.refused = {"28:0"};
  fake_.plug(input("Keys", "Keys out", "28:0"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(updated(), IsEmpty());
    EXPECT_TRUE(connections_->next_try());
  }
  fake_.refused.clear();
  EXPECT_THAT(updated(), ElementsAre("0 connected as 1"));
  EXPECT_FALSE(connections_->next_try());
}

TEST_F(ConnectionsTest, one_that_is_waited_for_and_cannot_be_connected_yet_is_tried_again) {
  ask({"organ"}, {}, false, true);
  EXPECT_EQ(opened(), "");
  EXPECT_FALSE(connections_->next_try());
  fake_.refused = {"24:0"};
  fake_.plug(input("Organ", "Organ 1", "24:0"));
  EXPECT_THAT(updated(), IsEmpty());
  EXPECT_TRUE(connections_->next_try());
  fake_.refused.clear();
  EXPECT_THAT(updated(), ElementsAre("0 connected as 0"));
}

// --- --all ---

TEST_F(ConnectionsTest, all_takes_what_is_there_and_what_comes) {
  ask({}, {}, true);
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("Keys_out <- Keys:Keys out (20:0) open as 0, connected",
                                   "Pads:out <- Pads:out (21:0) open as 1, connected"));
  fake_.plug(input("Drums", "out", "22:0"));
  EXPECT_THAT(updated(), ElementsAre("2 connected as 2"));
  EXPECT_EQ(ports().back(), "Drums:out <- Drums:out (22:0) open as 2, connected");
  EXPECT_THAT(updated(), IsEmpty());
  fake_.unplug("20:0");
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0"));
  fake_.plug(keys_);
  EXPECT_THAT(updated(), ElementsAre("0 connected as 3"));
  EXPECT_EQ(ports().size(), 3U);
}

TEST_F(ConnectionsTest, all_of_nothing_is_no_error) {
  fake_.unplug("20:0");
  fake_.unplug("21:0");
  ask({}, {}, true);
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), IsEmpty());
  EXPECT_FALSE(connections_->any_connected());
}

TEST_F(ConnectionsTest, all_and_one_by_its_tag) {
  ask({"pads=p"}, {}, true);
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("p <- Pads:out (21:0) open as 0, connected",
                                   "Keys_out <- Keys:Keys out (20:0) open as 1, connected"));
}

TEST_F(ConnectionsTest, two_devices_of_one_name_are_told_apart_by_their_address) {
  fake_.plug(input("Pads", "out", "22:0"));
  ask({}, {}, true);
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("Keys_out <- Keys:Keys out (20:0) open as 0, connected",
                                   "Pads:out <- Pads:out (21:0) open as 1, connected",
                                   "Pads:out/22:0 <- Pads:out (22:0) open as 2, connected"));
  // One of them goes, and comes back elsewhere: its tag stays.
  fake_.unplug("21:0");
  EXPECT_THAT(updated(), ElementsAre("1 disconnected as 1"));
  fake_.plug(input("Pads", "out", "25:0"));
  EXPECT_THAT(updated(), ElementsAre("1 connected as 3"));
  EXPECT_EQ(ports()[1], "Pads:out <- Pads:out (25:0) open as 3, connected");
  // Both go and come back.
  fake_.unplug("22:0");
  fake_.unplug("25:0");
  EXPECT_THAT(updated(), ElementsAre("1 disconnected as 3", "2 disconnected as 2"));
  fake_.plug(input("Pads", "out", "26:0"));
  fake_.plug(input("Pads", "out", "27:0"));
  EXPECT_THAT(updated(), ElementsAre("1 connected as 4", "2 connected as 5"));
  EXPECT_EQ(ports().size(), 3U);
}

TEST_F(ConnectionsTest, one_of_all_that_lets_nobody_in_is_no_failure) {
  fake_.refused = {"20:0"};
  ask({}, {}, true);
  EXPECT_EQ(opened(), "");
  EXPECT_TRUE(connections_->next_try());
  EXPECT_THAT(ports(), ElementsAre("Pads:out <- Pads:out (21:0) open as 0, connected"));
  fake_.refused.clear();
  EXPECT_THAT(updated(), ElementsAre("1 connected as 1"));
  EXPECT_FALSE(connections_->next_try());
}

// --- --virtual ---

TEST_F(ConnectionsTest, a_virtual_port_is_connected_when_somebody_is) {
  ask({}, {"my desk", "other=o"});
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("my_desk virtual open as 0", "o virtual open as 1"));
  EXPECT_FALSE(connections_->any_connected());
  fake_.connect_virtual(0, true);
  EXPECT_THAT(updated(), ElementsAre("0 connected as 0"));
  EXPECT_TRUE(connections_->any_connected());
  EXPECT_FALSE(connections_->all_connected());
  EXPECT_THAT(updated(), IsEmpty());
  fake_.connect_virtual(0, false);
  EXPECT_THAT(updated(), ElementsAre("0 disconnected as 0"));
  EXPECT_THAT(ports(), ElementsAre("my_desk virtual open as 0", "o virtual open as 1"));
}

TEST_F(ConnectionsTest, virtual_ports_stand_after_the_others) {
  ask({"keys"}, {"desk"});
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("Keys_out <- Keys:Keys out (20:0) open as 1, connected",
                                   "desk virtual open as 0"));
}

// --- the MIDI system ends ---

TEST_F(ConnectionsTest, when_the_system_has_gone_every_port_is_disconnected) {
  ask({"keys=k", "pads"}, {"desk"});
  EXPECT_EQ(opened(), "");
  fake_.connect_virtual(0, true);
  fake_.unplug("21:0");
  updated();
  EXPECT_THAT(describe_all(connections_->drop()),
              ElementsAre("0 disconnected as 1", "2 disconnected as 0"));
  EXPECT_THAT(ports(), ElementsAre("k <- Keys:Keys out (20:0) closed",
                                   "Pads:out <- Pads:out (21:0) closed", "desk virtual closed"));
  EXPECT_FALSE(connections_->any_connected());
  EXPECT_THAT(connections_->drop(), IsEmpty());
}

TEST_F(ConnectionsTest, a_system_that_is_back_gets_the_same_ports) {
  ask({"keys=k"}, {"desk"}, true, true);
  EXPECT_EQ(opened(), "");
  connections_->drop();
  Fake again;
  again.plug(input("Keys", "Keys out", "40:0"));
  again.plug(input("Drums", "out", "41:0"));
  EXPECT_TRUE(connections_->open(again));
  EXPECT_THAT(ports(), ElementsAre("k <- Keys:Keys out (40:0) open as 1, connected",
                                   "desk virtual open as 0", "Pads:out <- Pads:out (21:0) closed",
                                   "Drums:out <- Drums:out (41:0) open as 2, connected"));
}

// --- what lines say ---

TEST_F(ConnectionsTest, lines_carry_tags_if_there_are_several_ports_or_one_was_named) {
  const auto tagged = [this](const Lines& ports, const Lines& virtuals, bool all) {
    ask(ports, virtuals, all);
    EXPECT_EQ(opened(), "");
    return connections_->tagged();
  };
  EXPECT_FALSE(tagged({"keys"}, {}, false));
  EXPECT_FALSE(tagged({}, {"desk"}, false));
  EXPECT_TRUE(tagged({"keys=k"}, {}, false));
  EXPECT_TRUE(tagged({}, {"desk=d"}, false));
  EXPECT_TRUE(tagged({"keys", "pads"}, {}, false));
  EXPECT_TRUE(tagged({"keys"}, {"desk"}, false));
  EXPECT_TRUE(tagged({}, {}, true));
}

TEST_F(ConnectionsTest, a_port_is_found_by_the_number_of_our_own) {
  ask({"keys", "pads"});
  EXPECT_EQ(opened(), "");
  EXPECT_EQ(connections_->find(1)->tag, "Pads:out");
  EXPECT_EQ(connections_->find(7), nullptr);
  fake_.unplug("21:0");
  updated();
  EXPECT_EQ(connections_->find(1), nullptr);
}

TEST_F(ConnectionsTest, the_ports_of_the_other_direction_are_none_of_ours) {
  ask({"synth"});
  EXPECT_EQ(opened().substr(0, 49), "1: port 'synth': there is no such input port (--w");
  PortOptions options;
  options.ports.push_back({"synth", {}});
  connections_.emplace(Direction::output, options);
  EXPECT_EQ(opened(), "");
  EXPECT_THAT(ports(), ElementsAre("Synth:in <- Synth:in (30:0) open as 0, connected"));
}

} // namespace
} // namespace mm
