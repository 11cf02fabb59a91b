#define _GNU_SOURCE
#include "CMPI.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

/*
 OpenMPI is loaded when it is needed: who trains on one machine neither needs it nor waits for it, and neither does the build, for
 which its headers would bring a Fortran compiler along. What is declared here is the MPI standard's, with the types that OpenMPI
 gives its handles: addresses of objects of its library, whose ABI is the same for all versions that are called libmpi.so.40.
 */

typedef struct mpi_handle *handle; // MPI_Comm, MPI_Datatype, MPI_Op, MPI_Errhandler, MPI_Request
enum { success = 0, thread_serialized = 2, longest_error = 256, most = 1 << 30 };
#define IN_PLACE ((void *)1)

static struct {
  int (*Init_thread)(int *, char ***, int, int *);
  int (*Finalize)(void);
  int (*Abort)(handle, int);
  int (*Comm_rank)(handle, int *);
  int (*Comm_size)(handle, int *);
  int (*Comm_set_errhandler)(handle, handle);
  int (*Error_string)(int, char *, int *);
  int (*Allreduce)(const void *, void *, int, handle, handle, handle);
  int (*Bcast)(void *, int, handle, int, handle);
  int (*Allgather)(const void *, int, handle, void *, int, handle, handle);
  int (*Ibarrier)(handle, handle *);
  int (*Test)(handle *, int *, void *);
  handle world, sum, floats, doubles, bytes, errors_return;
} mpi;

static bool is_joined = false;

static char *failure(const char *what, int code) {
  char reason[longest_error] = "unknown error";
  int length = 0;
  mpi.Error_string(code, reason, &length);
  char *message = NULL;
  return asprintf(&message, "OpenMPI could not %s: %s", what, reason) < 0 ? strdup("OpenMPI failed") : message;
}

static char *checked(const char *what, int code) { return code == success ? NULL : failure(what, code); }

static char *load(void) {
  static const char *const names[] = {"libmpi.so.40", "libmpi.so", "libmpi.40.dylib"};
  void *library = NULL;
  // The plug-ins that OpenMPI loads look for its functions among those that all can see.
  for (size_t i = 0; !library && i < sizeof names / sizeof *names; ++i) library = dlopen(names[i], RTLD_NOW | RTLD_GLOBAL);
  if (!library) return strdup("OpenMPI's library, libmpi.so.40, is not on this machine; install OpenMPI (Debian: openmpi-bin)");
  const struct {
    void *target;
    const char *name;
  } wanted[] = {
      {&mpi.Init_thread, "MPI_Init_thread"}, {&mpi.Finalize, "MPI_Finalize"},
      {&mpi.Abort, "MPI_Abort"}, {&mpi.Comm_rank, "MPI_Comm_rank"},
      {&mpi.Comm_size, "MPI_Comm_size"}, {&mpi.Comm_set_errhandler, "MPI_Comm_set_errhandler"},
      {&mpi.Error_string, "MPI_Error_string"}, {&mpi.Allreduce, "MPI_Allreduce"},
      {&mpi.Bcast, "MPI_Bcast"}, {&mpi.Allgather, "MPI_Allgather"},
      {&mpi.Ibarrier, "MPI_Ibarrier"}, {&mpi.Test, "MPI_Test"},
      {&mpi.world, "ompi_mpi_comm_world"}, {&mpi.sum, "ompi_mpi_op_sum"},
      {&mpi.floats, "ompi_mpi_float"}, {&mpi.doubles, "ompi_mpi_double"},
      {&mpi.bytes, "ompi_mpi_byte"}, {&mpi.errors_return, "ompi_mpi_errors_return"},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; ++i) {
    void *found = dlsym(library, wanted[i].name);
    if (!found) return strdup("the libmpi of this machine is not OpenMPI's; start latent by the mpirun of OpenMPI");
    memcpy(wanted[i].target, &found, sizeof found);
  }
  return NULL;
}

static void leave(void) {
  if (!is_joined) return;
  is_joined = false;
  fflush(NULL);
  // Finalizing waits for all, at full speed.
  free(mp_wait());
  mpi.Finalize();
}

char *mp_join(int32_t *rank, int32_t *size) {
  char *error = load();
  if (error) return error;
  int given = 0;
  if ((error = checked("start", mpi.Init_thread(NULL, NULL, thread_serialized, &given)))) return error;
  mpi.Comm_set_errhandler(mpi.world, mpi.errors_return);
  if ((error = checked("count the processes", mpi.Comm_size(mpi.world, size)))) return error;
  if ((error = checked("number the processes", mpi.Comm_rank(mpi.world, rank)))) return error;
  is_joined = true;
  atexit(leave);
  return NULL;
}

static char *summed(void *values, size_t width, int64_t count, handle type) {
  for (int64_t first = 0; first < count; first += most) {
    int part = (int)(count - first < most ? count - first : most);
    char *error = checked("add up numbers over the processes",
                          mpi.Allreduce(IN_PLACE, (char *)values + first * (int64_t)width, part, type, mpi.sum, mpi.world));
    if (error) return error;
  }
  return NULL;
}
char *mp_sum_floats(float *values, int64_t count) { return summed(values, sizeof *values, count, mpi.floats); }
char *mp_sum_doubles(double *values, int64_t count) { return summed(values, sizeof *values, count, mpi.doubles); }

char *mp_broadcast(void *bytes, int64_t count, int32_t root) {
  for (int64_t first = 0; first < count; first += most) {
    int part = (int)(count - first < most ? count - first : most);
    char *error = checked("send bytes to all processes", mpi.Bcast((char *)bytes + first, part, mpi.bytes, root, mpi.world));
    if (error) return error;
  }
  return NULL;
}

char *mp_gather(const void *bytes, void *all, int64_t count) {
  return checked("gather bytes of the processes",
                 mpi.Allgather(bytes, (int)count, mpi.bytes, all, (int)count, mpi.bytes, mpi.world));
}

char *mp_wait(void) {
  enum { eager = 2000, microseconds = 500 };
  handle request = NULL;
  char *error = checked("wait for the processes", mpi.Ibarrier(mpi.world, &request));
  int done = 0;
  for (int tries = 0; !error && !done; ++tries) {
    error = checked("wait for the processes", mpi.Test(&request, &done, NULL));
    if (!done && tries > eager) usleep(microseconds);
  }
  return error;
}

void mp_abort(int32_t code) {
  fflush(NULL);
  if (is_joined) {
    is_joined = false;
    mpi.Abort(mpi.world, code);
  }
  _exit(code);
}

const char *mp_host(void) {
  static char name[256];
  if (!name[0]) gethostname(name, sizeof name - 1);
  return name;
}

/// FNV-1a.
static uint64_t digest(uint64_t state, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; ++i) state = (state ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
  return state;
}

void mp_place(uint64_t *machine, uint64_t *cores) {
  *cores = *machine = digest(0xcbf29ce484222325u, mp_host(), strlen(mp_host()));
#if defined(__linux__)
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) *cores = digest(*machine, &allowed, sizeof allowed);
#endif
}
