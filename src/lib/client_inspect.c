/* client_inspect.c - this node as the agent sees it: `zlayer info`. */
#include <zlayer/client.h>

#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "base/json_writer.h"
#include "lib/client.h"
#include "sys/cgroup.h"

/* A backend that does not open is part of the answer. */
static void put_runtime(struct json_writer *w, struct zl_client *client)
{
	struct error e;
	bool is_open = client_open_runtime(client, &e) == 0;

	json_put_text(w, "RuntimeWanted", client->backend);
	json_put_text(w, "Runtime", is_open ? client->runtime->ops->name : NULL);
	json_put_text(w, "RuntimeError", is_open ? NULL : e.msg);
}

static void put_directories(struct json_writer *w, const struct zl_client *client)
{
	json_put_text(w, "RootDir", client->root_dir);
	json_put_text(w, "RuntimeDir", client->runtime_dir);
	json_put_text(w, "LibexecDir", client->libexec_dir);
}

static void put_containers(struct json_writer *w, struct zl_client *client)
{
	AUTO_DONE(container_list) list = { 0 };
	uint64_t running = 0;

	if (!client->runtime || runtime_list(client->runtime, &list, NULL) < 0) {
		json_put_null(w, "Containers");
		json_put_null(w, "ContainersRunning");
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		running += list.items[i]->status == CONTAINER_RUNNING;
	json_put_u64(w, "Containers", list.count);
	json_put_u64(w, "ContainersRunning", running);
}

static void put_images(struct json_writer *w, struct zl_client *client)
{
	AUTO_DONE(image_list) list = { 0 };

	if (client_open_store(client, NULL) < 0 || store_list_images(client->store, &list, NULL) < 0)
		json_put_null(w, "Images");
	else
		json_put_u64(w, "Images", list.count);
}

static void put_cgroups(struct json_writer *w, const struct zl_client *client)
{
	static const char *const names[] = { [CGROUP_V1] = "v1", [CGROUP_HYBRID] = "hybrid", [CGROUP_V2] = "v2" };
	int layout = cgroup_layout_get();

	json_put_text(w, "CgroupDriver", "cgroupfs");
	json_put_text(w, "CgroupVersion", layout < 0 ? NULL : layout == CGROUP_V2 ? "2" : "1");
	json_put_text(w, "CgroupLayout", layout < 0 ? NULL : names[layout]);
	json_put_text(w, "CgroupParent", client->cgroup_parent);
}

static void put_kernel(struct json_writer *w)
{
	struct utsname name;
	struct sysinfo info;

	if (uname(&name) == 0) {
		json_put_text(w, "Name", name.nodename);
		json_put_text(w, "KernelVersion", name.release);
		json_put_text(w, "Architecture", name.machine);
	}
	json_put_u64(w, "NCPU", (uint64_t)get_nprocs());
	if (sysinfo(&info) == 0)
		json_put_u64(w, "MemTotal", (uint64_t)info.totalram * info.mem_unit);
}

int zl_client_inspect(struct zl_client *client, char **ret_json, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text };
	struct error e;

	json_open_object(&w, NULL);
	json_put_text(&w, "ServerVersion", zl_version());
	put_runtime(&w, client);
	put_directories(&w, client);
	put_containers(&w, client);
	put_images(&w, client);
	put_cgroups(&w, client);
	put_kernel(&w);
	json_close_object(&w);
	if (strbuf_status(&text) < 0) {
		fail_oom(&e);
		return border_fail(err, &e);
	}
	*ret_json = strbuf_take(&text);
	return 0;
}
