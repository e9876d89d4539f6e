/* log_reader.c - callers' side of a reader: the backend's functions stay behind it. */
#include "runtime/runtime.h"

int log_reader_next(struct log_reader *reader, struct log_entry *ret, struct error *err)
{
	return reader->ops->next(reader, ret, err);
}

void log_reader_free(struct log_reader *reader)
{
	if (reader)
		reader->ops->close(reader);
}
