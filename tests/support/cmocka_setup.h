/* cmocka_setup.h - cmocka with the headers that it forgets to include. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* base/error.h owns the word; a test fails by an assertion */

/* cmocka's own is built on that word. Prints the message and ends the test as failed. */
#undef fail_msg
#define fail_msg(...)                      \
	do {                               \
		print_error(__VA_ARGS__);  \
		print_error("\n");         \
		_fail(__FILE__, __LINE__); \
	} while (0)
