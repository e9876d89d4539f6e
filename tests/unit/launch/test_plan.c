/* test_plan.c - a plan reads back as it was built; one that somebody wrote by hand never leads out of its block. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "launch/plan_builder.h"

static const struct plan *seal_and_map(struct plan_builder *b)
{
	autoclose int fd = plan_builder_seal(b);
	const struct plan *plan = NULL;

	assert_true(fd >= 0);
	assert_int_equal(plan_map(fd, &plan), 0);
	plan_builder_done(b);
	return plan;
}

static void what_was_added_is_read_back(void **state)
{
	struct plan_builder b;
	const struct plan *plan;
	struct plan_mount mounts[3] = { { .kind = PLAN_MOUNT_BIND }, { .flags = 7 }, { .attributes = UINT64_MAX } };
	AUTO_DONE(strv) argv = { 0 };
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		strv_addf(&argv, "argument %d", i);
	plan_builder_init(&b);
	b.head.name = plan_add_text(&b, "web.1");
	b.head.cwd = plan_add_text(&b, NULL);
	b.head.argv = plan_add_texts(&b, &argv);
	b.head.mounts = plan_add_array(&b, mounts, 3, sizeof(mounts[0]));
	plan = seal_and_map(&b);
	assert_string_equal(plan_get_text(plan, plan->name), "web.1");
	assert_string_equal(plan_get_text(plan, plan->cwd), "");
	PLAN_FOR_EACH(plan, argv, plan_text, text)
	assert_string_equal(plan_get_text(plan, *text), argv.items[n++]);
	assert_int_equal(n, 1000);
	n = 0;
	PLAN_FOR_EACH(plan, mounts, struct plan_mount, m)
	assert_memory_equal(m, &mounts[n++], sizeof(*m));
	assert_int_equal(n, 3);
	PLAN_FOR_EACH(plan, env, plan_text, none)
	fail_msg("%u", *none);
	plan_unmap(plan);
}

static void a_plan_is_sealed_and_not_to_be_executed(void **state)
{
	struct plan_builder b;
	autoclose int fd = -1;

	(void)state;
	plan_builder_init(&b);
	fd = plan_builder_seal(&b);
	plan_builder_done(&b);
	assert_int_equal(fcntl(fd, F_GET_SEALS) & (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL),
			 F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	assert_true(pwrite(fd, "x", 1, 0) < 0);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void a_plan_past_its_limit_is_an_error(void **state)
{
	static char large[PLAN_LIMIT / 2];
	struct plan_builder b;

	(void)state;
	plan_builder_init(&b);
	plan_add_array(&b, large, sizeof(large), 1);
	plan_add_array(&b, large, sizeof(large), 1);
	assert_int_equal(plan_builder_seal(&b), -EFBIG);
	plan_builder_done(&b);
}

/* A block of 64 bytes behind the head, its last byte NUL. */
struct block {
	struct plan head;
	char body[64];
};

static int map_block(const struct block *block, size_t size, const struct plan **ret)
{
	autoclose int fd = memfd_create("plan", MFD_CLOEXEC);

	assert_int_equal(write_all(fd, block, size), 0);
	return plan_map(fd, ret);
}

static struct block good_block(void)
{
	return (struct block){ .head = { .magic = PLAN_MAGIC, .version = PLAN_VERSION, .size = sizeof(struct block) } };
}

static void what_is_no_plan_is_refused(void **state)
{
	struct block block = good_block();
	const struct plan *plan = NULL;

	(void)state;
	assert_int_equal(map_block(&block, 0, &plan), -EINVAL);
	assert_int_equal(map_block(&block, sizeof(struct plan) - 1, &plan), -EINVAL);
	assert_int_equal(map_block(&block, sizeof(block) - 1, &plan), -EINVAL);
	block.head.magic++;
	assert_int_equal(map_block(&block, sizeof(block), &plan), -EINVAL);
	block = good_block();
	block.head.version++;
	assert_int_equal(map_block(&block, sizeof(block), &plan), -EINVAL);
	block = good_block();
	block.body[63] = 'x';
	assert_int_equal(map_block(&block, sizeof(block), &plan), -EINVAL);
	assert_null(plan);
	block = good_block();
	assert_int_equal(map_block(&block, sizeof(block), &plan), 0);
	plan_unmap(plan);
	plan_unmap(NULL);
}

static void no_offset_leads_out(void **state)
{
	const uint32_t end = sizeof(struct block), start = sizeof(struct plan);
	const struct {
		struct plan_array array;
		size_t item_size, expected;
	} arrays[] = {
		{ { start, 8 }, 8, 8 },
		{ { start, 9 }, 8, 0 },
		{ { start, 0 }, 8, 0 },
		{ { end, 1 }, 8, 0 },
		{ { end, 0 }, 8, 0 },
		{ { start + 1, 1 }, 4, 0 },
		{ { start + 4, 1 }, 4, 0 },
		{ { UINT32_MAX & ~7U, 1 }, 8, 0 },
		{ { start, UINT32_MAX }, 8, 0 },
		{ { UINT32_MAX & ~7U, UINT32_MAX }, 48, 0 },
		{ { start, UINT32_MAX }, SIZE_MAX / 2, 0 },
	};
	const struct {
		uint32_t offset;
		size_t length;
	} texts[] = { { 0, 0 }, { start, 3 }, { end - 1, 0 }, { end, 0 }, { end + 1, 0 }, { UINT32_MAX, 0 } };
	struct block block = good_block();
	const struct plan *plan;
	size_t count;

	(void)state;
	memcpy(block.body, "abc", 3);
	assert_int_equal(map_block(&block, sizeof(block), &plan), 0);
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++) {
		const void *items = plan_get_array(plan, arrays[i].array, arrays[i].item_size, &count);

		assert_int_equal(count, arrays[i].expected);
		assert_int_equal(items != NULL, arrays[i].expected > 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(strlen(plan_get_text(plan, texts[i].offset)), texts[i].length);
	plan_unmap(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_read_back),
		cmocka_unit_test(a_plan_is_sealed_and_not_to_be_executed),
		cmocka_unit_test(a_plan_past_its_limit_is_an_error),
		cmocka_unit_test(what_is_no_plan_is_refused),
		cmocka_unit_test(no_offset_leads_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
