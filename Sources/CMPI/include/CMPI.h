#ifndef CMPI_H
#define CMPI_H
#include <stdint.h>
#pragma clang assume_nonnull begin

/// An error message that the caller frees with `free`, or null for success.
typedef char *_Nullable mp_error;

/// A function that can fail, and says so by its result.
#define MP_FALLIBLE __attribute__((warn_unused_result)) mp_error

/// Loads OpenMPI, joins the processes that its mpirun started, and leaves them again when this process exits.
///
/// Everything below is for a process that has joined, and is called by all of the processes in the same order.
MP_FALLIBLE mp_join(int32_t *rank, int32_t *size);

/// The element-wise sum over the processes, in place.
MP_FALLIBLE mp_sum_floats(float *values, int64_t count);
/// The element-wise sum over the processes, in place.
MP_FALLIBLE mp_sum_doubles(double *values, int64_t count);
/// What the process `root` has, in place.
MP_FALLIBLE mp_broadcast(void *bytes, int64_t count, int32_t root);
/// `count` bytes of each process, in the order of their ranks; `all` has room for those of all.
MP_FALLIBLE mp_gather(const void *bytes, void *all, int64_t count);
/// Waits for all others to come here, asleep.
MP_FALLIBLE mp_wait(void);
/// Ends all processes at once, this one with `code`.
void mp_abort(int32_t code) __attribute__((noreturn));

/// The machine's name.
const char *mp_host(void);
/// A number of the machine, and one of the machine with the cores that this process may run on; equal ones are the same.
void mp_place(uint64_t *machine, uint64_t *cores);

#pragma clang assume_nonnull end
#endif
