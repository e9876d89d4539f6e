/* signal_name.c - signal numbers and names as users type them. */
#include "base/signal_name.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"

#define S(name) [SIG##name] = "SIG" #name

static const char *const names[] = {
	S(HUP),
	S(INT),
	S(QUIT),
	S(ILL),
	S(TRAP),
	S(ABRT),
	S(BUS),
	S(FPE),
	S(KILL),
	S(USR1),
	S(SEGV),
	S(USR2),
	S(PIPE),
	S(ALRM),
	S(TERM),
	S(CHLD),
	S(CONT),
	S(STOP),
	S(TSTP),
	S(TTIN),
	S(TTOU),
	S(URG),
	S(XCPU),
	S(XFSZ),
	S(VTALRM),
	S(PROF),
	S(WINCH),
	S(IO),
	S(PWR),
	S(SYS),
	[SIGSTKFLT] = "SIGSTKFLT",
};

/* The kernel's range, not libc's: glibc keeps the first two for its threads. */
#define KERNEL_RTMIN 34
#define KERNEL_RTMAX 64

static int real_time_signal(const char *text)
{
	uint32_t offset = 0;

	if (strncasecmp(text, "RTMIN", 5) == 0 && (text[5] == '\0' || text[5] == '+')) {
		if (text[5] && (parse_u32(text + 6, &offset) < 0 || offset > KERNEL_RTMAX - KERNEL_RTMIN))
			return -EINVAL;
		return KERNEL_RTMIN + (int)offset;
	}
	if (strncasecmp(text, "RTMAX", 5) == 0 && (text[5] == '\0' || text[5] == '-')) {
		if (text[5] && (parse_u32(text + 6, &offset) < 0 || offset > KERNEL_RTMAX - KERNEL_RTMIN))
			return -EINVAL;
		return KERNEL_RTMAX - (int)offset;
	}
	return -EINVAL;
}

int signal_from_name(const char *text)
{
	uint32_t number;

	if (parse_u32(text, &number) == 0)
		return number >= 1 && number <= KERNEL_RTMAX ? (int)number : -EINVAL;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (size_t i = 1; i < ARRAY_SIZE(names); i++)
		if (names[i] && strcasecmp(text, names[i] + 3) == 0)
			return (int)i;
	return real_time_signal(text);
}

const char *signal_to_name(int signo)
{
	return signo > 0 && (size_t)signo < ARRAY_SIZE(names) ? names[signo] : NULL;
}
