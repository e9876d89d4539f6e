/* default_capabilities.h - what a container may do when nobody says anything: docker's 14 capabilities. */
#pragma once
#include "sys/capability.h"

#define CAPABILITIES_DEFAULT                                                                                   \
	(CAPABILITY_BIT(CAP_CHOWN) | CAPABILITY_BIT(CAP_DAC_OVERRIDE) | CAPABILITY_BIT(CAP_FSETID) |           \
	 CAPABILITY_BIT(CAP_FOWNER) | CAPABILITY_BIT(CAP_MKNOD) | CAPABILITY_BIT(CAP_NET_RAW) |                \
	 CAPABILITY_BIT(CAP_SETGID) | CAPABILITY_BIT(CAP_SETUID) | CAPABILITY_BIT(CAP_SETFCAP) |               \
	 CAPABILITY_BIT(CAP_SETPCAP) | CAPABILITY_BIT(CAP_NET_BIND_SERVICE) | CAPABILITY_BIT(CAP_SYS_CHROOT) | \
	 CAPABILITY_BIT(CAP_KILL) | CAPABILITY_BIT(CAP_AUDIT_WRITE))
