/* cmocka_setup.h - cmocka with the headers that it forgets to include. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* base/error.h owns the word; a test fails by an assertion */
