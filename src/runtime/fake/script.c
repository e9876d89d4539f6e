/* script.c - reads and runs the few words of shell that fake containers know. */
#include "runtime/fake/script.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/signal_name.h"
#include "base/strbuf.h"
#include "base/text.h"

void script_done(struct script *script)
{
	for (size_t i = 0; i < script->count; i++)
		free(script->items[i].text);
	free(script->items);
	*script = (struct script){ 0 };
}

/* ---- words ---- */

/* One word, quotes taken off; NULL at the end. *at moves behind it. */
static char *next_word(const char **at, int *status)
{
	AUTO_DONE(strbuf) word = { 0 };
	const char *p = *at + strspn(*at, " \t");
	char quote = 0;

	if (!*p)
		return NULL;
	strbuf_add_text(&word, "");
	for (; *p && (quote || (*p != ' ' && *p != '\t')); p++) {
		if (quote ? *p == quote : (*p == '\'' || *p == '"'))
			quote = quote ? 0 : *p;
		else
			strbuf_add_char(&word, *p);
	}
	*at = p;
	*status = strbuf_status(&word);
	return strbuf_take(&word);
}

static int split_words(const char *statement, struct strv *ret)
{
	int status = 0;
	char *word;

	while ((word = next_word(&statement, &status)))
		if (strv_add_take(ret, word) < 0)
			return -ENOMEM;
	return status;
}

static int join_words(const struct strv *words, size_t from, size_t to, char **ret)
{
	AUTO_DONE(strbuf) joined = { 0 };

	for (size_t i = from; i < to; i++)
		strbuf_addf(&joined, "%s%s", i > from ? " " : "", words->items[i]);
	*ret = strbuf_take(&joined);
	return *ret ? 0 : -ENOMEM;
}

/* "0.5", "3", "infinity" */
static int parse_seconds(const char *text, uint64_t *ret_ns)
{
	uint64_t whole = 0, unit = NSEC_PER_SEC;

	if (strcmp(text, "infinity") == 0) {
		*ret_ns = UINT64_MAX;
		return 0;
	}
	for (; isdigit((unsigned char)*text); text++)
		whole = whole * 10 + (uint64_t)(*text - '0') * NSEC_PER_SEC;
	if (*text == '.')
		for (text++; isdigit((unsigned char)*text) && unit > 1; text++)
			whole += (uint64_t)(*text - '0') * (unit /= 10);
	*ret_ns = whole;
	return *text ? -EINVAL : 0;
}

static int parse_code(const char *text, int *ret)
{
	uint32_t code;

	if (parse_u32(text, &code) < 0 || code > 255)
		return -EINVAL;
	*ret = (int)code;
	return 0;
}

/* ---- statements: each reader gets the words behind the verb ---- */

static int read_echo(const struct strv *words, struct script_statement *s)
{
	s->to_stderr = words->count > 1 && strcmp(words->items[words->count - 1], ">&2") == 0;
	return join_words(words, 1, words->count - s->to_stderr, &s->text);
}

static int read_sleep(const struct strv *words, struct script_statement *s)
{
	return words->count < 2 ? -EINVAL : parse_seconds(words->items[1], &s->time_ns);
}

static int read_exit(const struct strv *words, struct script_statement *s)
{
	return words->count < 2 ? 0 : parse_code(words->items[1], &s->number);
}

static int read_status(const struct strv *words, struct script_statement *s)
{
	s->number = strcmp(words->items[0], "false") == 0;
	return 0;
}

static int read_kill(const struct strv *words, struct script_statement *s)
{
	if (words->count != 3 || words->items[1][0] != '-' || strcmp(words->items[2], "$$") != 0)
		return -EINVAL;
	s->number = signal_from_name(words->items[1] + 1);
	return s->number < 0 ? -EINVAL : 0;
}

static int read_trap(const struct strv *words, struct script_statement *s)
{
	if (words->count != 3)
		return -EINVAL;
	s->signo = signal_from_name(words->items[2]);
	s->number = SCRIPT_IGNORE;
	if (s->signo < 0 || s->signo >= NSIG)
		return -EINVAL;
	if (!words->items[1][0])
		return 0;
	if (text_starts_with(words->items[1], "echo ")) {
		s->text = strdup(words->items[1] + 5);
		return s->text ? 0 : -ENOMEM;
	}
	return text_starts_with(words->items[1], "exit ") ? parse_code(words->items[1] + 5, &s->number) : -EINVAL;
}

static const struct {
	const char *word;
	enum script_verb verb;
	int (*read)(const struct strv *words, struct script_statement *s);
} verbs[] = {
	{ "echo", SCRIPT_ECHO, read_echo },      { "sleep", SCRIPT_SLEEP, read_sleep },
	{ "exit", SCRIPT_EXIT, read_exit },      { "true", SCRIPT_STATUS, read_status },
	{ "false", SCRIPT_STATUS, read_status }, { ":", SCRIPT_STATUS, read_status },
	{ "kill", SCRIPT_KILL, read_kill },      { "trap", SCRIPT_TRAP, read_trap },
	{ "alive", SCRIPT_ALIVE, read_sleep },   { "wait", SCRIPT_STATUS, read_status },
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int read_statement(const struct strv *words, struct script_statement *s)
{
	const char *word = base_name(words->items[0]);

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(word, verbs[i].word) != 0)
			continue;
		s->verb = verbs[i].verb;
		return verbs[i].read(words, s);
	}
	s->verb = SCRIPT_MISSING;
	s->text = text_format("sh: %s: not found", words->items[0]);
	return s->text ? 0 : -ENOMEM;
}

static int add_statement(struct script *script, const struct strv *words)
{
	struct script_statement s = { 0 };
	int r;

	if (words->count == 0)
		return 0;
	r = array_reserve((void **)&script->items, &script->capacity, script->count + 1, sizeof(s));
	if (r == 0)
		r = read_statement(words, &s);
	if (r < 0)
		free(s.text);
	else
		script->items[script->count++] = s;
	return r;
}

/* `&` ends a statement too: `sleep 5 & wait` is a sleep that a signal ends, which ours are anyway. Not so the one of
 * >&2. */
static size_t statement_length(const char *text)
{
	char quote = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (quote)
			quote = text[i] == quote ? 0 : quote;
		else if (text[i] == '\'' || text[i] == '"')
			quote = text[i];
		else if (strchr(";\n", text[i]) || (text[i] == '&' && (i == 0 || text[i - 1] != '>')))
			break;
	}
	return i;
}

static int parse_text(const char *text, struct script *script)
{
	while (*text) {
		size_t len = statement_length(text);
		autofree char *statement = strndup(text, len);
		AUTO_DONE(strv) words = { 0 };
		int r = statement ? split_words(statement, &words) : -ENOMEM;

		if (r == 0)
			r = add_statement(script, &words);
		if (r < 0)
			return r;
		text += len + (text[len] != '\0');
	}
	return 0;
}

static int parse_program(const struct strv *argv, struct script *script, struct error *err)
{
	const char *program = argv->items[0];
	bool is_shell = argv->count == 3 && strcmp(base_name(program), "sh") == 0 && strcmp(argv->items[1], "-c") == 0;
	int r = is_shell ? parse_text(argv->items[2], script) : add_statement(script, argv);

	if (text_starts_with(program, "/etc/"))
		return fail(err, ERR_NOT_EXECUTABLE, "%s: permission denied", program);
	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "%s: not a script that a fake container can run",
				     program);
	if (!is_shell && script->items[0].verb == SCRIPT_MISSING)
		return fail(err, ERR_COMMAND_NOT_FOUND, "%s: no such file or directory", program);
	return 0;
}

int script_parse(const struct strv *argv, struct script *ret, struct error *err)
{
	AUTO_DONE(script) script = { 0 };

	if (argv->count > 0 && parse_program(argv, &script, err) < 0)
		return -1;
	if (argv->count == 0 && parse_text("sleep infinity", &script) < 0)
		return fail_oom(err);
	*ret = script;
	script = (struct script){ 0 };
	return 0;
}

/* ---- running ---- */

void script_begin(struct script_run *run, const struct script *script, const struct strv *env, uint64_t now_ns)
{
	*run = (struct script_run){ .script = script, .env = env, .container_started_ns = now_ns, .wake_ns = now_ns };
	for (size_t i = 0; i < NSIG; i++)
		run->traps[i] = SCRIPT_DEFAULT_ACTION;
}

static void end(struct script_run *run, int code, int signo, uint64_t now_ns)
{
	run->has_ended = true;
	run->code = code;
	run->signal = signo;
	run->ended_ns = now_ns;
	run->wake_ns = UINT64_MAX;
}

static const char *expand(const struct script_run *run, const char *text)
{
	const char *value;

	if (text[0] != '$')
		return text;
	value = strv_env_get(run->env, text + 1);
	return value ? value : "";
}

static uint64_t add_time(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void execute(struct script_run *run, const struct script_statement *s, script_output output, void *data)
{
	uint64_t now_ns = run->wake_ns;

	switch (s->verb) {
	case SCRIPT_ECHO:
		output(data, now_ns, s->to_stderr ? LOG_STDERR : LOG_STDOUT, expand(run, s->text));
		run->status = 0;
		break;
	case SCRIPT_SLEEP:
		run->wake_ns = add_time(now_ns, s->time_ns);
		run->status = 0;
		break;
	case SCRIPT_EXIT:
		end(run, s->number, 0, now_ns);
		break;
	case SCRIPT_STATUS:
		run->status = s->number;
		break;
	case SCRIPT_KILL:
		end(run, 128 + s->number, s->number, now_ns);
		break;
	case SCRIPT_TRAP:
		run->traps[s->signo] = s->number;
		run->trap_texts[s->signo] = s->text;
		break;
	case SCRIPT_ALIVE:
		run->status = now_ns < add_time(run->container_started_ns, s->time_ns);
		break;
	case SCRIPT_MISSING:
		output(data, now_ns, LOG_STDERR, s->text);
		run->status = 127;
		break;
	}
}

void script_advance(struct script_run *run, uint64_t now_ns, script_output output, void *data)
{
	while (!run->has_ended && run->wake_ns <= now_ns) {
		if (run->next == run->script->count)
			end(run, run->status, 0, run->wake_ns);
		else
			execute(run, &run->script->items[run->next++], output, data);
	}
}

static bool ends_by_default(int signo)
{
	return signo == SIGHUP || signo == SIGINT || signo == SIGQUIT || signo == SIGTERM;
}

const char *script_signal(struct script_run *run, int signo, uint64_t now_ns)
{
	int action = run->traps[signo];

	if (run->has_ended)
		return NULL;
	if (signo == SIGKILL || (action == SCRIPT_DEFAULT_ACTION && ends_by_default(signo)))
		end(run, 128 + signo, signo, now_ns);
	else if (action >= 0)
		end(run, action, 0, now_ns);
	return run->has_ended ? NULL : run->trap_texts[signo];
}
