/* describe.h - containers and images in docker's words: "Up 3 minutes", "4.26MB", twelve digits of an id. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <zlayer/container.h>

/* The first 12 digits, without "sha256:". */
#define SHORT_ID_SIZE 13
void short_id(const char *id, char ret[SHORT_ID_SIZE]);

/* "Up 3 minutes", "Exited (0) 2 minutes ago", "Created", "Failed: ..." */
#define STATUS_TEXT_SIZE 128
void status_text(const struct zl_container_info *info, uint64_t now_ns, char ret[STATUS_TEXT_SIZE]);

/* "3 minutes ago"; "" for a time that is not known. */
#define AGE_TEXT_SIZE 64
void age_text(uint64_t time_ns, uint64_t now_ns, char ret[AGE_TEXT_SIZE]);

/* Three digits, units of 1000: "987B", "4.26MB". */
#define SIZE_TEXT_SIZE 16
void size_text(uint64_t bytes, char ret[SIZE_TEXT_SIZE]);
