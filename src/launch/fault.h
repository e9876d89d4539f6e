/* fault.h - a build of the shim for tests (-DFAULTS): a step fails because the file `fault` in the container's
 * directory says so, "parent 2" or "child 5". In any other build there is nothing of it. Private to launch/.
 */
#pragma once
#include "launch/steps.h"

#ifdef FAULTS
#include <fcntl.h>
#include <string.h>

#include "base/file.h"

static inline int fault_at(const struct launch *l, const char *side, size_t step, struct error *err)
{
	char wanted[32];
	autofree char *text = NULL;

	snprintf(wanted, sizeof(wanted), "%s %zu", side, step);
	if (file_read_at(l->container_dir_fd, "fault", sizeof(wanted), &text, NULL) < 0 || strcmp(text, wanted) != 0)
		return 0;
	return fail(err, ERR_START_FAILED, "made to fail");
}
#else
static inline int fault_at(const struct launch *l, const char *side, size_t step, struct error *err)
{
	(void)l;
	(void)side;
	(void)step;
	(void)err;
	return 0;
}
#endif
