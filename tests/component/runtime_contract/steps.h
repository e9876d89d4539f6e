/* steps.h - what the cases of the contract are made of. A step that must succeed fails the test when it does not. */
#pragma once
#include "contract.h"

#include "base/strbuf.h"

extern struct runtime *rt; /* of the case that runs; it has no container at its beginning */
extern const struct contract_backend *backend;

/* The value of $S:token, and how often it was asked for; any other is missing. */
extern const char *secret_token;
extern unsigned secret_asked;

/* A container "c" of busybox that runs this script by `sh -c`. */
struct container_config *config_of(const char *name, const char *script);
void create_config(const struct container_config *config, char ret_id[ID_HEX_SIZE]);
void create(const char *name, const char *script, char ret_id[ID_HEX_SIZE]);
void start(const char *id);

/* create and start. */
void run(const char *name, const char *script, char ret_id[ID_HEX_SIZE]);
struct exit_record wait_for(const char *id);
struct container_info *info_of(const char *id);
enum container_status status_of(const char *id);
size_t count_containers(void);

/* All of its log so far: "1:text|2:text|", the digit the stream. */
void read_log(const char *id, const struct log_options *options, struct strbuf *ret);

/* Whether fd is readable or hung up within timeout_ms. */
bool is_readable(int fd, int timeout_ms);

/* `sh -c script` in a running container; what it writes goes to *ret_output (may be NULL). The code, or -1 with err. */
int exec_script(const char *id, const char *script, uint64_t timeout_ms, struct strbuf *ret_output, struct error *err);
int exec_program(const char *id, const char *program, struct error *err);

#define LASTING "trap 'exit 7' TERM; sleep 1000 & wait"
#define STUBBORN "trap '' TERM; sleep 1000 & wait"
