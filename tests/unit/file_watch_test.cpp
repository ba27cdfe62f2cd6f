// Which files were written, as inotify tells.
#include "io/descriptor.hpp"
#include "io/file_watch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace mm {
namespace {

class FileWatchTest : public testing::Test {
 protected:
  FileWatchTest() {
    std::string name = (std::filesystem::temp_directory_path() / "mm-watch-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    EXPECT_TRUE(watch_.add(folder_));
  }
  ~FileWatchTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + '/' + name; }
  void write(const std::string& name) const {
    const Descriptor file(::open(path(name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    EXPECT_TRUE(file);
  }
  bool takes_change_of(const std::string& name) { return watch_.take_changes({path(name)}); }

  std::string folder_;
  FileWatch watch_;
};

TEST_F(FileWatchTest, tells_of_the_files_that_are_asked_for) {
  EXPECT_FALSE(takes_change_of("a"));
  write("a");
  write("b");
  EXPECT_TRUE(takes_change_of("a"));
  EXPECT_FALSE(takes_change_of("a")) << "was taken";
  write("b");
  EXPECT_FALSE(takes_change_of("a"));
}

TEST_F(FileWatchTest, an_overflow_may_have_hidden_any_file) {
  std::size_t most = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
  ASSERT_GT(most, 0U);
  // The same twice in a row would count once.
  for (std::size_t i = 0; i <= most / 2; ++i) {
    write("b");
    write("c");
  }
  EXPECT_TRUE(takes_change_of("a"));
  EXPECT_FALSE(takes_change_of("a"));
}

} // namespace
} // namespace mm
