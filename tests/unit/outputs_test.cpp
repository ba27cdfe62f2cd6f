// Which of mmsend's ports a line goes to, and what becomes of it when they are busy or gone.
#include "events.hpp"
#include "io/clock.hpp"
#include "mmsend/outputs.hpp"
#include "port/fake.hpp"

#include <gmock/gmock.h>

namespace mm::send {
namespace {

using test::event_of;
using test::Lines;
using testing::ElementsAre;
using testing::IsEmpty;

class OutputsTest : public testing::Test {
 protected:
  OutputsTest() {
    for (const std::string name : {"left", "right", "third"})
      fake_.plug({"fake", Direction::output, name, name, name + ":0", false});
  }

  // Opens these ports, in this order: 0, 1, ...
  Outputs& open(const Lines& ports, bool wait = false) {
    PortOptions options;
    for (const auto& port : ports) options.ports.push_back(parse_port_request(port).value());
    options.wait = wait;
    connections_.emplace(Direction::output, options);
    EXPECT_TRUE(connections_->open(fake_));
    return outputs_.emplace(*connections_, SysexPace{}, wait);
  }

  std::string send(const std::string& line, Nanoseconds when = 0) {
    switch (outputs_->send(&fake_, event_of(line), when)) {
    case Outputs::Sent::all: return "all";
    case Outputs::Sent::busy: return "busy";
    default: return "waiting";
    }
  }

  // What the ports got since they were last asked: "PORT: LINE".
  Lines got() {
    Lines lines;
    for (const auto& sent : std::exchange(fake_.sent, {})) {
      const std::string tag = sent.line.substr(0, sent.line.find(" @"));
      lines.push_back(std::to_string(sent.port) + ": " + tag);
    }
    return lines;
  }

  // The ports have changed: what Player makes of it.
  void update() {
    const auto changes = connections_->update(fake_);
    for (const auto& change : changes.value())
      if (!change.connected) outputs_->forget(change.id);
  }

  Fake fake_;
  std::optional<Connections> connections_;
  std::optional<Outputs> outputs_;
};

TEST_F(OutputsTest, a_line_goes_to_all_or_to_the_port_that_its_tag_names) {
  Outputs& outputs = open({"left=l", "right=r", "third"});
  EXPECT_EQ(send("start"), "all");
  EXPECT_EQ(send("clock @r"), "all");
  EXPECT_EQ(send("stop @third"), "all") << "the tag that it has by its name";
  EXPECT_THAT(got(), ElementsAre("0: start", "1: start", "2: start", "1: clock", "2: stop"));
  EXPECT_THAT(outputs.take_notices(), IsEmpty());
}

TEST_F(OutputsTest, a_port_without_a_tag_is_known_by_what_it_was_asked_for_too) {
  Outputs& outputs = open({"lef", "/ri.*t/", "third=t"});
  send("start @lef");
  send("stop @/ri._t/");
  send("clock @third");
  EXPECT_THAT(got(), ElementsAre("0: start", "1: stop", "0: clock", "1: clock", "2: clock"));
  EXPECT_THAT(outputs.take_notices(),
              ElementsAre("@third: no port has this tag; its events go to all ports"))
      << "one that has a tag is known by it alone";
}

TEST_F(OutputsTest, what_was_sent_ahead_to_a_port_that_goes_is_counted) {
  fake_.can_schedule = true;
  Outputs& outputs = open({"left=l", "right=r"});
  send("note-on 1 60 1", now() + 100 * second);
  send("note-on 1 61 1 @l", now() + 100 * second);
  send("note-on 1 62 1 @l", now() - second);
  fake_.unplug("left:0");
  update();
  EXPECT_EQ(outputs.dropped(), 2U);
}

TEST_F(OutputsTest, one_tag_may_name_several_ports) {
  open({"left=x", "right=x", "third"});
  send("clock @x");
  EXPECT_THAT(got(), ElementsAre("0: clock", "1: clock"));
}

TEST_F(OutputsTest, a_tag_that_names_none_goes_to_all_and_is_mentioned_once) {
  Outputs& outputs = open({"left=l", "right"});
  send("clock @x");
  send("clock @x");
  send("stop @y");
  EXPECT_THAT(got(),
              ElementsAre("0: clock", "1: clock", "0: clock", "1: clock", "0: stop", "1: stop"));
  EXPECT_THAT(outputs.take_notices(),
              ElementsAre("@x: no port has this tag; its events go to all ports",
                          "@y: no port has this tag; its events go to all ports"));
  send("clock @x");
  EXPECT_THAT(outputs.take_notices(), IsEmpty());
}

TEST_F(OutputsTest, who_gave_no_tags_is_not_told_about_them) {
  Outputs& outputs = open({"left", "right"});
  send("clock @keys");
  EXPECT_THAT(got(), ElementsAre("0: clock", "1: clock"));
  EXPECT_THAT(outputs.take_notices(), IsEmpty());
}

TEST_F(OutputsTest, a_busy_port_is_tried_again_and_the_others_are_not) {
  open({"left", "right", "third"});
  fake_.room = 2;
  EXPECT_EQ(send("clock"), "busy");
  EXPECT_THAT(got(), ElementsAre("0: clock", "1: clock"));
  fake_.room = 0;
  EXPECT_EQ(send("clock"), "busy");
  fake_.room = 10;
  EXPECT_EQ(send("clock"), "all");
  EXPECT_THAT(got(), ElementsAre("2: clock"));
  EXPECT_EQ(send("start"), "all");
  EXPECT_THAT(got(), ElementsAre("0: start", "1: start", "2: start"));
}

TEST_F(OutputsTest, what_is_for_a_port_that_has_gone_is_counted) {
  Outputs& outputs = open({"left=l", "right=r"});
  fake_.unplug("left:0");
  update();
  EXPECT_EQ(send("clock"), "all");
  EXPECT_EQ(send("start @l"), "all");
  EXPECT_EQ(send("stop @r"), "all");
  EXPECT_THAT(got(), ElementsAre("1: clock", "1: stop"));
  EXPECT_EQ(outputs.dropped(), 2U);
  fake_.plug({"fake", Direction::output, "left", "left", "left:1", false});
  update();
  EXPECT_EQ(send("start @l"), "all");
  EXPECT_THAT(got(), ElementsAre("2: start"));
  EXPECT_EQ(outputs.dropped(), 2U);
  EXPECT_FALSE(outputs.failed());
}

TEST_F(OutputsTest, or_it_waits_until_the_port_is_back) {
  Outputs& outputs = open({"left=l", "right=r"}, true);
  fake_.unplug("left:0");
  update();
  EXPECT_EQ(send("clock"), "waiting");
  EXPECT_EQ(send("clock"), "waiting");
  EXPECT_THAT(got(), ElementsAre("1: clock")) << "once";
  fake_.plug({"fake", Direction::output, "left", "left", "left:1", false});
  update();
  EXPECT_EQ(send("clock"), "all");
  EXPECT_THAT(got(), ElementsAre("2: clock"));
  EXPECT_EQ(outputs.dropped(), 0U);
}

TEST_F(OutputsTest, a_system_that_has_gone_is_as_its_ports) {
  Outputs& outputs = open({"left", "right"});
  const Event clock = event_of("clock");
  EXPECT_EQ(outputs.send(nullptr, clock, 0), Outputs::Sent::all);
  EXPECT_EQ(outputs.dropped(), 2U);
  Outputs& waiting = open({"left", "right"}, true);
  EXPECT_EQ(waiting.send(nullptr, clock, 0), Outputs::Sent::waiting);
  EXPECT_TRUE(waiting.finish(nullptr));
  EXPECT_TRUE(waiting.release(nullptr));
  EXPECT_FALSE(waiting.can_schedule(nullptr, clock));
}

TEST_F(OutputsTest, a_virtual_port_takes_all_unless_somebody_is_waited_for) {
  for (const bool wait : {false, true}) {
    PortOptions options;
    options.virtuals.push_back({"desk", {}});
    options.wait = wait;
    Fake fake;
    Connections connections(Direction::output, options);
    EXPECT_TRUE(connections.open(fake));
    Outputs outputs(connections, {}, wait);
    const Event clock = event_of("clock");
    EXPECT_EQ(outputs.send(&fake, clock, 0), wait ? Outputs::Sent::waiting : Outputs::Sent::all);
    fake.connect_virtual(0, true);
    EXPECT_TRUE(connections.update(fake));
    EXPECT_EQ(outputs.send(&fake, clock, 0), Outputs::Sent::all);
    EXPECT_EQ(fake.sent.size(), wait ? 1U : 2U);
    EXPECT_EQ(outputs.dropped(), 0U);
  }
}

TEST_F(OutputsTest, what_a_port_refuses_is_said_with_its_name) {
  Outputs& outputs = open({"left=l", "right"});
  fake_.fault = "a sysex is too long";
  EXPECT_EQ(send("sysex 01"), "all") << "there is no use in trying again";
  EXPECT_THAT(outputs.take_notices(), ElementsAre("port left:left: a sysex is too long",
                                                  "port right:right: a sysex is too long"));
  EXPECT_TRUE(outputs.failed());
  EXPECT_EQ(outputs.dropped(), 0U);
}

TEST_F(OutputsTest, only_messages_are_sent_ahead_and_only_where_the_system_can) {
  Outputs& outputs = open({"left"});
  EXPECT_FALSE(outputs.can_schedule(&fake_, event_of("clock")));
  fake_.can_schedule = true;
  EXPECT_TRUE(outputs.can_schedule(&fake_, event_of("clock")));
  EXPECT_FALSE(outputs.can_schedule(&fake_, event_of("sysex 01")));
}

TEST_F(OutputsTest, each_port_is_released_of_what_sounds_there) {
  Outputs& outputs = open({"left=l", "right=r"});
  send("note-on 1 60 1");
  send("note-on 1 61 1 @l");
  send("note-off 1 60 1 @l");
  got();
  EXPECT_TRUE(outputs.any_sounding());
  fake_.room = 1;
  EXPECT_FALSE(outputs.release(&fake_));
  fake_.room = 10;
  EXPECT_TRUE(outputs.release(&fake_));
  EXPECT_THAT(got(), ElementsAre("0: note-off 1 61 64", "1: note-off 1 60 64"));
  EXPECT_FALSE(outputs.any_sounding());
}

TEST_F(OutputsTest, a_release_that_fails_is_a_failure_and_does_not_go_on_for_ever) {
  Outputs& outputs = open({"left"});
  send("note-on 1 60 1");
  send("note-on 1 61 1");
  fake_.fault = "gone";
  EXPECT_FALSE(outputs.release(&fake_));
  EXPECT_FALSE(outputs.release(&fake_));
  EXPECT_TRUE(outputs.release(&fake_));
  EXPECT_FALSE(outputs.any_sounding());
  EXPECT_TRUE(outputs.failed());
}

TEST_F(OutputsTest, what_sounded_at_a_port_that_has_gone_is_forgotten) {
  Outputs& outputs = open({"left", "right"});
  send("note-on 1 60 1");
  fake_.unplug("left:0");
  update();
  got();
  EXPECT_TRUE(outputs.release(&fake_));
  EXPECT_THAT(got(), ElementsAre("1: note-off 1 60 64"));
}

TEST_F(OutputsTest, what_raw_bytes_began_is_sent_at_the_end) {
  Outputs& outputs = open({"left", "right"});
  send("raw 90 3c");
  EXPECT_THAT(got(), IsEmpty());
  fake_.room = 1;
  EXPECT_FALSE(outputs.finish(&fake_));
  fake_.room = 10;
  EXPECT_TRUE(outputs.finish(&fake_));
  EXPECT_THAT(got(), ElementsAre("0: raw 90 3c", "1: raw 90 3c"));
}

TEST_F(OutputsTest, what_was_in_hand_is_forgotten_when_all_is_taken_back) {
  Outputs& outputs = open({"left", "right"});
  fake_.room = 1;
  EXPECT_EQ(send("note-on 1 60 1"), "busy");
  outputs.cancel();
  fake_.room = 10;
  EXPECT_EQ(send("clock"), "all");
  EXPECT_TRUE(outputs.release(&fake_));
  EXPECT_THAT(got(),
              ElementsAre("0: note-on 1 60 1", "0: clock", "1: clock", "0: note-off 1 60 64"));
}

} // namespace
} // namespace mm::send
