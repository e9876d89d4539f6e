/* exit.h - an exit record as the public API shows it. */
#pragma once
#include <zlayer/container.h>

#include "launch/exit_record.h"

struct zl_exit exit_export(const struct exit_record *record);
