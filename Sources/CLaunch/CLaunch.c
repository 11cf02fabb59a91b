#include "CLaunch.h"
#include <string.h>
#include <unistd.h>

/*
 The threads that libtorch spreads an operation over wait for each other by spinning, for milliseconds by default. Alone on the
 machine that is a little faster than sleeping; beside other busy processes a thread that is not being run keeps the others spinning
 at every operation, and work takes fifty times as long. A short spin has nearly the speed of the one and none of the harm of the other.

 The OpenMP library reads the setting from the environment when it is loaded, before main. So the program starts itself once
 more, with the setting, before any library has been started: two milliseconds.
 */

#if defined(__linux__)
static const char spins[] = "GOMP_SPINCOUNT=2000";

static void set_spins(int count, char **arguments, char **environment) {
  (void)count;
  size_t length = 0;
  for (; environment[length]; ++length) {
    if (!strncmp(environment[length], "GOMP_SPINCOUNT=", 15) || !strncmp(environment[length], "OMP_WAIT_POLICY=", 16)) return;
  }
  char *extended[length + 2];
  memcpy(extended, environment, length * sizeof *environment);
  extended[length] = (char *)spins;
  extended[length + 1] = NULL;
  execve("/proc/self/exe", arguments, extended);
  // Where that is not possible the program goes on as it was started.
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) = set_spins;
#endif
