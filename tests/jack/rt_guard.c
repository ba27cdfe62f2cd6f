// Shows that JACK's real-time callbacks do nothing that may wait: preloaded, it watches every call of
// malloc and its kin, of locks and of blocking system calls, and ends the program if one is made inside
// a process or timebase callback. The write to an eventfd that wakes the loop is allowed.
//
//   LD_PRELOAD=librt_guard.so mmjack ...
//
// It says on stderr that it has watched ten cycles. MM_GUARD_TRY=1 makes a forbidden call
// itself, to show that it is noticed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <jack/jack.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void __libc_free(void *);

static __thread int inside __attribute__((tls_model("initial-exec")));
static volatile unsigned long cycles;

static void look(const char *what) {
  if (!inside) return;
  inside = 0;
  char text[96];
  int length = snprintf(text, sizeof text, "rt_guard: %s in a real-time callback\n", what);
  syscall(SYS_write, STDERR_FILENO, text, (size_t)length);
  abort();
}

void *malloc(size_t size) { look("malloc"); return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { look("calloc"); return __libc_calloc(count, size); }
void *realloc(void *from, size_t size) { look("realloc"); return __libc_realloc(from, size); }
void free(void *memory) { if (memory) look("free"); __libc_free(memory); }

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int pthread_mutex_lock(pthread_mutex_t *mutex) {
  look("pthread_mutex_lock");
  REAL(pthread_mutex_lock);
  return real(mutex);
}
int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  look("pthread_cond_wait");
  REAL(pthread_cond_wait);
  return real(condition, mutex);
}
int nanosleep(const struct timespec *span, struct timespec *left) {
  look("nanosleep");
  REAL(nanosleep);
  return real(span, left);
}
int poll(struct pollfd *descriptors, nfds_t count, int timeout) {
  look("poll");
  REAL(poll);
  return real(descriptors, count, timeout);
}
int epoll_wait(int fd, struct epoll_event *events, int most, int timeout) {
  look("epoll_wait");
  REAL(epoll_wait);
  return real(fd, events, most, timeout);
}
ssize_t read(int fd, void *to, size_t size) {
  look("read");
  REAL(read);
  return real(fd, to, size);
}
ssize_t send(int fd, const void *from, size_t size, int flags) {
  look("send");
  REAL(send);
  return real(fd, from, size, flags);
}
ssize_t write(int fd, const void *from, size_t size) {
  if (inside) { // 8 bytes to an eventfd that does not block
    char path[32], name[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlink, path, name, sizeof name - 1);
    name[length > 0 ? length : 0] = 0;
    if (size != 8 || strcmp(name, "anon_inode:[eventfd]") != 0) look("write");
  }
  return syscall(SYS_write, fd, from, size);
}

static JackProcessCallback process;
static void *process_data;
static int watch_process(jack_nframes_t frames, void *data) {
  (void)data;
  inside = 1;
  if (getenv("MM_GUARD_TRY")) free(malloc(1));
  int result = process(frames, process_data);
  inside = 0;
  static const char told[] = "rt_guard: 10 cycles\n";
  if (++cycles == 10) syscall(SYS_write, STDERR_FILENO, told, sizeof told - 1);
  return result;
}
int jack_set_process_callback(jack_client_t *client, JackProcessCallback callback, void *data) {
  REAL(jack_set_process_callback);
  process = callback;
  process_data = data;
  return real(client, watch_process, NULL);
}

static JackTimebaseCallback timebase;
static void *timebase_data;
static void watch_timebase(jack_transport_state_t state, jack_nframes_t frames,
                           jack_position_t *position, int is_new, void *data) {
  (void)data;
  inside = 1;
  timebase(state, frames, position, is_new, timebase_data);
  inside = 0;
}
int jack_set_timebase_callback(jack_client_t *client, int conditional,
                               JackTimebaseCallback callback, void *data) {
  REAL(jack_set_timebase_callback);
  timebase = callback;
  timebase_data = data;
  return real(client, conditional, watch_timebase, NULL);
}
