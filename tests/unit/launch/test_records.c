/* test_records.c - what a shim leaves on disk: exit record, run state, log entries. Whole or not at all. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "launch/exit_record.h"
#include "launch/log_segment.h"
#include "launch/run_state.h"

static void an_exit_record_reads_back(void **state)
{
	static const struct exit_record records[] = {
		{ .is_known = true, .code = 0, .started_ns = 1, .finished_ns = 2 },
		{ .is_known = true, .code = 255, .started_ns = 1795512497532233941, .finished_ns = INT64_MAX },
		{ .is_known = true, .code = 137, .signal = 9, .oom_killed = true, .asked_by = EXIT_ASKED_USER },
		{ .is_known = false, .code = -1 },
	};
	char text[EXIT_RECORD_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		struct exit_record back = { 0 };
		size_t len = exit_record_print(&records[i], text);

		assert_int_equal(len, strlen(text));
		assert_int_equal(exit_record_parse(text, &back), 0);
		assert_int_equal(back.is_known, records[i].is_known);
		assert_int_equal(back.code, records[i].code);
		assert_int_equal(back.signal, records[i].signal);
		assert_int_equal(back.oom_killed, records[i].oom_killed);
		assert_int_equal(back.asked_by, records[i].asked_by);
		assert_int_equal(back.started_ns, records[i].started_ns);
		assert_int_equal(back.finished_ns, records[i].finished_ns);
	}
}

static void the_longest_record_fits(void **state)
{
	struct exit_record longest = { .is_known = true,
				       .code = INT32_MIN,
				       .signal = INT32_MIN,
				       .oom_killed = true,
				       .started_ns = UINT64_MAX,
				       .finished_ns = UINT64_MAX };
	char text[EXIT_RECORD_TEXT_SIZE];

	(void)state;
	assert_true(exit_record_print(&longest, text) < sizeof(text));
}

static void a_record_that_was_cut_is_none(void **state)
{
	struct exit_record record = { .is_known = true, .code = 3 }, back = { .code = 77 };
	char text[EXIT_RECORD_TEXT_SIZE];
	size_t len = exit_record_print(&record, text);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		char *part = strndup(text, cut);

		assert_int_equal(exit_record_parse(part, &back), -EINVAL);
		assert_int_equal(back.code, 77);
		free(part);
	}
}

static void a_record_of_nothing_is_never_a_zero(void **state)
{
	static const char *const none[] = { "",   "end",           "x",           "code\nend\n", "code 0",
					    "\n", "CODE 0\nend\n", "code 0 end\n" };
	struct exit_record back = { .code = 77 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_int_equal(exit_record_parse(none[i], &back), -EINVAL);
	assert_int_equal(exit_record_parse("later words\nknown 1\ncode 5\nmore 1 2 3\nend\n", &back), 0);
	assert_int_equal(back.code, 5);
	assert_int_equal(exit_record_parse("known 1\ncode zero\nend\n", &back), 0);
	assert_int_equal(back.code, -1);
	assert_int_equal(exit_record_parse("known 1\ncode 4294967296\nend\n", &back), 0);
	assert_int_equal(back.code, -1);
	assert_int_equal(exit_record_parse("end\n", &back), 0);
	assert_false(back.is_known);
	assert_int_equal(back.code, -1);
}

static char directory[32];
static int dir_fd;

static int set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/test-records-XXXXXX");
	dir_fd = mkdtemp(directory) ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	return dir_fd < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(dir_fd);
	return dir_remove_tree(AT_FDCWD, directory);
}

static void a_run_state_reads_back(void **state)
{
	struct run_state written = { .pid = 12,
				     .shim_pid = 34,
				     .start_time = 567,
				     .shim_start_time = UINT64_MAX,
				     .cgroup_path = (char *)"a/zlayer/b",
				     .started_ns = 89,
				     .has_auto_remove = true,
				     .namespaces = 0x6c020000 };
	struct run_state back = { 0 };

	(void)state;
	assert_int_equal(run_state_read(dir_fd, &back), -ENOENT);
	assert_int_equal(boot_id_get(written.boot_id), 0);
	assert_int_equal(run_state_write(dir_fd, &written), 0);
	assert_int_equal(run_state_read(dir_fd, &back), 0);
	assert_int_equal(back.pid, 12);
	assert_int_equal(back.shim_pid, 34);
	assert_int_equal(back.start_time, 567);
	assert_int_equal(back.shim_start_time, UINT64_MAX);
	assert_string_equal(back.cgroup_path, "a/zlayer/b");
	assert_int_equal(back.started_ns, 89);
	assert_true(back.has_auto_remove);
	assert_int_equal(back.namespaces, 0x6c020000);
	run_state_done(&back);
	memset(written.boot_id, '0', BOOT_ID_SIZE - 1);
	assert_int_equal(run_state_write(dir_fd, &written), 0);
	assert_int_equal(run_state_read(dir_fd, &back), -ESTALE);
}

static void a_run_state_that_is_none_is_refused(void **state)
{
	static const char *const none[] = {
		"",
		"end\n",
		"pid 1\n",
		"pid 0\nend\n",
		"pid\nend\n",
		"pid x\nend\n",
		"pid -1\nend\n",
		"boot short\npid 1\nend\n",
		"pid 99999999999999999999\nend\n",
		"pid 4294967297\nend\n",
		"cgroup a\ncgroup b\n",
	};
	struct run_state back = { .pid = 7 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		int r;

		assert_int_equal(file_replace_at(dir_fd, "pid", none[i], strlen(none[i]), 0600, FILE_VOLATILE), 0);
		r = run_state_read(dir_fd, &back);
		if (r != -EINVAL)
			fail_msg("`%s`: %d", none[i], r);
	}
	assert_int_equal(back.pid, 7);
}

static void a_segments_name_is_its_number(void **state)
{
	static const struct {
		const char *name;
		uint32_t number;
	} cases[] = {
		{ "00000001.log", 1 },
		{ "99999999.log", 99999999 },
		{ "100000000.log", 100000000 },
		{ "4294967295.log", UINT32_MAX },
		{ "00000000.log", 0 },
		{ "1.log", 0 },
		{ "00000001.logs", 0 },
		{ "00000001", 0 },
		{ "0000000x.log", 0 },
		{ ".log", 0 },
		{ "", 0 },
		{ "4294967296.log", 0 },
		{ "-0000001.log", 0 },
		{ "00000001.log.log", 0 },
		{ "99999999999.log", 0 },
	};
	char name[LOG_SEGMENT_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(log_segment_number(cases[i].name), cases[i].number);
		if (!cases[i].number)
			continue;
		log_segment_name(cases[i].number, name);
		assert_string_equal(name, cases[i].name);
	}
}

static void an_entry_begins_as_cri_has_it(void **state)
{
	char prefix[LOG_PREFIX_SIZE];

	(void)state;
	log_prefix_format(1475711229669794202, 0, 0, prefix);
	assert_string_equal(prefix, "2016-10-05T23:47:09.669794202Z stdout F ");
	log_prefix_format(1475711229669794202, 1, 1, prefix);
	assert_string_equal(prefix, "2016-10-05T23:47:09.669794202Z stderr P ");
	assert_int_equal(strlen(prefix), LOG_PREFIX_LENGTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exit_record_reads_back),
		cmocka_unit_test(the_longest_record_fits),
		cmocka_unit_test(a_record_that_was_cut_is_none),
		cmocka_unit_test(a_record_of_nothing_is_never_a_zero),
		cmocka_unit_test_setup_teardown(a_run_state_reads_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_run_state_that_is_none_is_refused, set_up, tear_down),
		cmocka_unit_test(a_segments_name_is_its_number),
		cmocka_unit_test(an_entry_begins_as_cri_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
