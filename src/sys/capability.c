/* capability.c - capabilities as numbers, names and masks. */
#include "sys/capability.h"

#include <errno.h>
#include <stddef.h>
#include <strings.h>
#include <sys/prctl.h>

#include "base/cleanup.h"

#define C(name) [CAP_##name] = "CAP_" #name

static const char *const names[] = {
	C(CHOWN),
	C(DAC_OVERRIDE),
	C(DAC_READ_SEARCH),
	C(FOWNER),
	C(FSETID),
	C(KILL),
	C(SETGID),
	C(SETUID),
	C(SETPCAP),
	C(LINUX_IMMUTABLE),
	C(NET_BIND_SERVICE),
	C(NET_BROADCAST),
	C(NET_ADMIN),
	C(NET_RAW),
	C(IPC_LOCK),
	C(IPC_OWNER),
	C(SYS_MODULE),
	C(SYS_RAWIO),
	C(SYS_CHROOT),
	C(SYS_PTRACE),
	C(SYS_PACCT),
	C(SYS_ADMIN),
	C(SYS_BOOT),
	C(SYS_NICE),
	C(SYS_RESOURCE),
	C(SYS_TIME),
	C(SYS_TTY_CONFIG),
	C(MKNOD),
	C(LEASE),
	C(AUDIT_WRITE),
	C(AUDIT_CONTROL),
	C(SETFCAP),
	C(MAC_OVERRIDE),
	C(MAC_ADMIN),
	C(SYSLOG),
	C(WAKE_ALARM),
	C(BLOCK_SUSPEND),
	C(AUDIT_READ),
	C(PERFMON),
	C(BPF),
	C(CHECKPOINT_RESTORE),
};

#define PREFIX_LENGTH 4

int capability_from_name(const char *name)
{
	size_t skipped = strncasecmp(name, "CAP_", PREFIX_LENGTH) == 0 ? 0 : PREFIX_LENGTH;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcasecmp(name, names[i] + skipped) == 0)
			return (int)i;
	return -EINVAL;
}

const char *capability_name(int number)
{
	return number >= 0 && (size_t)number < ARRAY_SIZE(names) ? names[number] : NULL;
}

/* The kernel refuses the question for a capability that it does not know. */
int capability_last(void)
{
	int number = 0;

	while (number < 63 && prctl(PR_CAPBSET_READ, number + 1, 0, 0, 0) >= 0)
		number++;
	return number;
}

uint64_t capability_bounding(void)
{
	uint64_t mask = 0;
	int r;

	for (int i = 0; i < 64 && (r = prctl(PR_CAPBSET_READ, i, 0, 0, 0)) >= 0; i++)
		if (r == 1)
			mask |= CAPABILITY_BIT(i);
	return mask;
}
