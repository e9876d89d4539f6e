/* backend_fake.c - the runtime in memory, in real time. */
#include "contract.h"

#include "runtime/fake/fake.h"

static struct runtime *open_fake(const struct secret_source *secrets, struct error *err)
{
	struct runtime *rt = fake_runtime_new(NULL, err);

	if (rt) {
		rt->secrets = secrets;
		fake_lose_image(rt, "missing:image");
	}
	return rt;
}

static void clean_up(void)
{
}

const struct contract_backend contract_fake = { "fake", open_fake, NULL, clean_up };
