/* cases.h - the cases of the contract, by what they are about. */
#pragma once

#define MAKING_CASES(X)                                                                       \
	X(create_gives_an_id_of_64_hex_digits_and_nothing_runs)                               \
	X(an_id_is_never_used_again)                                                          \
	X(create_of_an_existing_name_is_a_conflict_and_leaves_nothing)                        \
	X(create_from_a_missing_image_is_not_found_and_leaves_nothing)                        \
	X(a_config_that_is_not_valid_is_refused)                                              \
	X(pulling_an_image_that_is_there_succeeds_and_one_that_is_nowhere_is_not_found)       \
	X(start_returns_when_the_program_runs)                                                \
	X(start_of_a_container_that_runs_is_a_conflict)                                       \
	X(start_of_one_that_ended_starts_it_again)                                            \
	X(a_program_that_is_missing_or_not_executable_is_told_and_the_container_is_as_before) \
	X(a_secret_is_fetched_at_each_start_and_never_shown)                                  \
	X(a_secret_that_is_missing_fails_the_start_and_the_container_is_as_before)            \
	X(without_a_source_of_secrets_a_reference_fails_the_start)

#define ENDING_CASES(X)                                                    \
	X(the_exit_code_is_the_programs)                                   \
	X(a_second_wait_gives_the_same_record)                             \
	X(a_signal_gives_128_and_its_number)                               \
	X(stop_sends_the_stop_signal_and_returns_when_it_has_ended)        \
	X(stop_sends_the_containers_own_signal_or_the_one_that_is_given)   \
	X(stop_kills_once_the_grace_has_passed)                            \
	X(a_grace_of_0_kills_at_once)                                      \
	X(stop_ends_the_whole_tree)                                        \
	X(stop_and_kill_of_an_ended_container_succeed)                     \
	X(a_second_stop_may_come_while_the_first_one_waits)                \
	X(kill_sends_a_signal_and_does_not_wait)                           \
	X(remove_of_a_missing_container_succeeds)                          \
	X(remove_of_a_running_container_is_a_conflict_unless_it_is_forced) \
	X(what_was_removed_is_gone)

#define LIVING_CASES(X)                                                   \
	X(the_wait_fd_is_readable_once_the_container_has_ended)           \
	X(the_wait_fd_of_one_that_ended_or_never_ran_is_readable_at_once) \
	X(several_may_wait_for_one_container)                             \
	X(exec_runs_a_program_and_gives_its_code_and_output)              \
	X(exec_in_a_container_that_does_not_run_is_a_conflict)            \
	X(exec_of_a_program_that_is_missing_or_not_executable_is_told)    \
	X(exec_sees_the_containers_environment)                           \
	X(exec_past_its_time_is_killed_and_told)                          \
	X(calls_on_different_containers_may_run_at_once)

#define LOOKING_CASES(X)                                          \
	X(the_log_is_complete_when_wait_returns)                  \
	X(a_following_reader_ends_with_the_container)             \
	X(streams_and_tails_choose_lines)                         \
	X(the_log_goes_on_after_a_second_start)                   \
	X(a_call_on_a_missing_container_is_not_found)             \
	X(list_names_all_oldest_first_with_identity_and_labels)   \
	X(inspect_is_one_json_object)                             \
	X(the_network_of_a_running_container_can_be_opened)       \
	X(another_runtime_on_the_same_node_sees_and_removes_them) \
	X(volumes_in_use_are_kept)                                \
	X(a_feature_that_is_not_there_is_unsupported_and_does_nothing)

#define ALL_CASES(X)    \
	MAKING_CASES(X) \
	ENDING_CASES(X) \
	LIVING_CASES(X) \
	LOOKING_CASES(X)

#define X(name) void name(void **state);
ALL_CASES(X)
#undef X
