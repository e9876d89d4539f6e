/* alloc_fail.h - allocations that fail on purpose. A test that links alloc_fail_dep has malloc and kin of everything
 * that is linked statically into it under its hand (libc's own inner allocations are not).
 */
#pragma once
#include <stdbool.h>

enum alloc_fail_mode {
	ALLOC_FAIL_ONE,  /* the one, then memory is there again */
	ALLOC_FAIL_FROM, /* that and all that follow: even cleaning up has to do without */
};

/* Calls run(userdata) with its first allocation failing, then with its second, and so on, until a call asks for fewer;
 * in both modes. run returns 0 when it did its work, -1 when it failed as its contract says, after checking with
 * nothing left behind; a test's assertions belong into it. Fails the test when a call without a failing allocation
 * does not return 0. Returns the number of allocations of a whole run. */
unsigned alloc_fail_each(int (*run)(void *userdata), void *userdata);

/* Between these, nothing fails and nothing is counted: around what is known not to outlive it. json-c 0.16's parser is
 * such a thing (it takes the length of a name that it could not copy) and paused by itself. They nest. */
void alloc_fail_pause(void);
void alloc_fail_resume(void);

/* The pieces: the n-th allocation from now fails (from 1); disarm says whether it came to that. */
void alloc_fail_arm(unsigned n, enum alloc_fail_mode mode);
bool alloc_fail_disarm(void);
