/* seccomp_generate.c - a tool of the build: prints the C source of the default profile's program. */
#include <stdio.h>

#include "base/json.h"
#include "oci/default_capabilities.h"
#include "oci/seccomp_filter.h"

static void print_program(const struct seccomp_filter *filter)
{
	printf("/* Made by seccomp_generate from seccomp_profile.c. */\n#include \"oci/seccomp_default.h\"\n\n"
	       "const struct sock_filter seccomp_default_program[] = {\n");
	for (size_t i = 0; i < filter->length; i++)
		printf("\t{ 0x%x, %u, %u, 0x%x },\n", filter->program[i].code, filter->program[i].jt,
		       filter->program[i].jf, filter->program[i].k);
	printf("};\nconst size_t seccomp_default_length = %zu;\n", filter->length);
}

int main(void)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text };
	AUTO_DONE(seccomp_filter) filter = { 0 };
	struct error err = { 0 };
	AUTO_JSON profile = NULL;

	seccomp_profile_print(&w, NULL, CAPABILITIES_DEFAULT);
	profile = json_parse(text.data, text.len, "the default profile", &err);
	if (!profile || seccomp_filter_compile(profile, &filter, &err) < 0) {
		fprintf(stderr, "seccomp_generate: %s\n", err.msg);
		return 1;
	}
	print_program(&filter);
	return fflush(stdout) == 0 ? 0 : 1;
}
