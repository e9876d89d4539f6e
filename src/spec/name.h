/* name.h - which texts may be names: of services and volumes, which become paths and DNS labels, of roles, of hosts. */
#pragma once
#include <stdbool.h>

#define NAME_LOWER "abcdefghijklmnopqrstuvwxyz"
#define NAME_DIGITS "0123456789"
#define NAME_ALPHANUMERIC NAME_LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ" NAME_DIGITS

/* 1 to 63 of a-z, 0-9 and '-', no '-' first or last (RFC 1123, lower case). */
bool name_is_dns_label(const char *text);

/* A label of at most 30 that begins with a letter. */
bool name_is_role(const char *text);

/* 1 to 64 bytes (HOST_NAME_MAX): labels of letters, digits and inner '-', joined by '.'. */
bool name_is_hostname(const char *text);
