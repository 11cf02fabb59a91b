#ifndef CLAUNCH_H
#define CLAUNCH_H

/// The turns for which an idle thread of libtorch looks for work before it sleeps, as this process was started with.
///
/// Linking this target is what sets them: see CLaunch.c.
const char *_Nullable cl_spins(void);

#endif
