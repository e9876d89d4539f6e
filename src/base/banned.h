/* banned.h - calls that this house does not use; included by every file through the compiler's -include. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets atoi atol atoll atof system popen tmpnam mktemp \
	strtok
