/* commands.h - every command, one file each: cmd_NAME.c. */
#pragma once
#include "cli/command.h"

extern const struct command cmd_bundle, cmd_cleanup, cmd_down, cmd_exec, cmd_help, cmd_image, cmd_info, cmd_inspect,
	cmd_kill, cmd_logs, cmd_ps, cmd_rm, cmd_run, cmd_spec, cmd_stop, cmd_up, cmd_validate, cmd_version, cmd_wait;

/* Of `image`. */
extern const struct command cmd_image_import, cmd_image_inspect, cmd_image_load, cmd_image_ls, cmd_image_rm,
	cmd_image_tag;
