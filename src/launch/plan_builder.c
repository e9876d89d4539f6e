/* plan_builder.c - writing a plan. */
#include "launch/plan_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"

void plan_builder_init(struct plan_builder *b)
{
	*b = (struct plan_builder){
		.head = { .magic = PLAN_MAGIC, .version = PLAN_VERSION },
		.body = { .limit = PLAN_LIMIT - sizeof(struct plan) - 8 },
	};
}

void plan_builder_done(struct plan_builder *b)
{
	if (b->body.data)
		explicit_bzero(b->body.data, b->body.capacity);
	strbuf_done(&b->body);
}

/* strbuf grows by realloc, which would leave unwiped copies behind: room is doubled here, by copy and wipe. */
static void reserve(struct plan_builder *b, size_t extra)
{
	struct strbuf bigger = { .limit = b->body.limit };
	size_t wanted = (b->body.len + extra + 16) * 2;

	if (b->body.len + extra + 16 <= b->body.capacity)
		return;
	bigger.data = malloc(wanted);
	if (!bigger.data) {
		b->body.status = -ENOMEM;
		return;
	}
	bigger.capacity = wanted;
	bigger.len = b->body.len;
	bigger.status = b->body.status;
	if (b->body.data)
		memcpy(bigger.data, b->body.data, b->body.len);
	plan_builder_done(b);
	b->body = bigger;
}

static uint32_t here(const struct plan_builder *b)
{
	return (uint32_t)(sizeof(struct plan) + b->body.len);
}

plan_text plan_add_text(struct plan_builder *b, const char *text)
{
	uint32_t at;

	if (!text)
		return 0;
	reserve(b, strlen(text) + 1);
	at = here(b);
	strbuf_add(&b->body, text, strlen(text) + 1);
	return at;
}

struct plan_array plan_add_array(struct plan_builder *b, const void *items, size_t count, size_t item_size)
{
	static const char padding[8];
	struct plan_array array = { .count = (uint32_t)count };

	if (count == 0)
		return array;
	reserve(b, count * item_size + sizeof(padding));
	strbuf_add(&b->body, padding, -here(b) % sizeof(padding));
	array.offset = here(b);
	strbuf_add(&b->body, items, count * item_size);
	return array;
}

struct plan_array plan_add_texts(struct plan_builder *b, const struct strv *texts)
{
	autofree plan_text *offsets = calloc(texts->count + 1, sizeof(*offsets));

	if (!offsets) {
		b->body.status = -ENOMEM;
		return (struct plan_array){ 0 };
	}
	for (size_t i = 0; i < texts->count; i++)
		offsets[i] = plan_add_text(b, texts->items[i]);
	return plan_add_array(b, offsets, texts->count, sizeof(*offsets));
}

int plan_builder_seal(struct plan_builder *b)
{
	autoclose int fd = -1;
	int r;

	reserve(b, 1);
	strbuf_add_char(&b->body, '\0');
	r = strbuf_status(&b->body);
	if (r < 0)
		return r;
	b->head.size = here(b);
	fd = memfd_create("zlayer-plan", MFD_CLOEXEC | MFD_ALLOW_SEALING | 0x0008U /* MFD_NOEXEC_SEAL, since 6.3 */);
	if (fd < 0)
		fd = memfd_create("zlayer-plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	r = write_all(fd, &b->head, sizeof(b->head));
	if (r == 0)
		r = write_all(fd, b->body.data, b->body.len);
	if (r < 0)
		return r;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	return TAKE_FD(fd);
}
