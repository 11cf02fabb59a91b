#ifndef CLAUNCH_H
#define CLAUNCH_H

// There is nothing to call: linking this target is what sets how long idle threads spin. See CLaunch.c.

#endif
