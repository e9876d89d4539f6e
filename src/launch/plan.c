/* plan.c - reading a plan. It comes sealed from the same agent; bounds are checked all the same. */
#include "launch/plan.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

int plan_map(int fd, const struct plan **ret)
{
	const struct plan *plan;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size < (off_t)sizeof(*plan) || st.st_size > (off_t)PLAN_LIMIT)
		return -EINVAL;
	plan = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (plan == MAP_FAILED)
		return -errno;
	if (plan->magic != PLAN_MAGIC || plan->version != PLAN_VERSION || plan->size != st.st_size ||
	    ((const char *)plan)[plan->size - 1] != '\0') {
		munmap((void *)plan, (size_t)st.st_size);
		return -EINVAL;
	}
	*ret = plan;
	return 0;
}

void plan_unmap(const struct plan *plan)
{
	if (plan)
		munmap((void *)plan, plan->size);
}

const char *plan_get_text(const struct plan *plan, plan_text text)
{
	return text && text < plan->size ? (const char *)plan + text : "";
}

const void *plan_get_array(const struct plan *plan, struct plan_array array, size_t item_size, size_t *ret_count)
{
	size_t bytes, end;

	*ret_count = 0;
	if (__builtin_mul_overflow(array.count, item_size, &bytes) ||
	    __builtin_add_overflow(array.offset, bytes, &end) || end > plan->size || array.offset % 8 != 0)
		return NULL;
	*ret_count = array.count;
	return array.count ? (const char *)plan + array.offset : NULL;
}
