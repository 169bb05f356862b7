/*
 * Lists the BPF links of the host, those too that are pinned in a file system and that no process holds: by
 * BPF_LINK_GET_NEXT_ID (Linux 5.8, kernel/bpf/syscall.c). Each is opened for the moment of a question and changed by none.
 */
#include "bpf-call.h"
#include "vdsotop.h"

#include <stddef.h>
#include <string.h>

/* enum bpf_link_type. */
enum { RAW_TRACEPOINT = 1, TRACING = 2, PERF_EVENT = 7 };
/* enum bpf_perf_event_type: the event behind a link on a perf event; told since Linux 6.6. */
enum { PERF_KPROBE = 3, PERF_TRACEPOINT = 5 };

struct name_buffer {
	uint64_t address;
	uint32_t bytes;
};

/* struct bpf_link_info of include/uapi/linux/bpf.h, of which older headers lack a part. */
struct link_info {
	uint32_t type;
	uint32_t id;
	uint32_t program_id;
	uint32_t padding;
	union {
		struct name_buffer raw_tracepoint;
		struct {
			uint32_t attach_type;
		} tracing;
		struct {
			uint32_t kind;
			uint32_t padding;
			struct name_buffer name;
		} perf_event;
		uint64_t room[8];
	};
};

_Static_assert(offsetof(struct link_info, raw_tracepoint) == 16, "as the kernel lays it out");
_Static_assert(offsetof(struct link_info, perf_event.name) == 24, "as the kernel lays it out");

static int32_t ask(int32_t fd, struct link_info *info)
{
	union bpf_attr attr = { 0 };

	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info = (uintptr_t)info;
	attr.info.info_len = sizeof(*info);
	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

/* The second question: a kernel that does not know of a buffer refuses one (bpf_check_uarg_tail_zero). */
static void ask_name(int32_t fd, uint32_t type, uint32_t kind, struct vt_bpf_link *out)
{
	const struct name_buffer buffer = { .address = (uintptr_t)out->name, .bytes = sizeof(out->name) };
	struct link_info info = { 0 };

	if (type == RAW_TRACEPOINT)
		info.raw_tracepoint = buffer;
	else if (type == PERF_EVENT && kind >= PERF_KPROBE && kind <= PERF_TRACEPOINT)
		info.perf_event.name = buffer;
	else
		return;
	/* A name that did not fit is cut off (ENOSPC) and ended with a zero byte. */
	if (ask(fd, &info) < 0 && errno != ENOSPC)
		memset(out->name, 0, sizeof(out->name));
	out->name[sizeof(out->name) - 1] = '\0';
}

static int32_t describe(int32_t fd, struct vt_bpf_link *out)
{
	struct link_info info = { 0 };
	int32_t result = ask(fd, &info);

	if (result < 0)
		return result;
	out->type = info.type;
	out->program_id = info.program_id;
	out->kind = info.type == TRACING ? info.tracing.attach_type : info.type == PERF_EVENT ? info.perf_event.kind : 0;
	ask_name(fd, info.type, out->kind, out);
	return 0;
}

/* 1: there is a link after `*id`, which is its id now; 0: none; or -errno. */
static int32_t next_id(uint32_t *id)
{
	union bpf_attr attr = { 0 };
	int32_t result;

	attr.start_id = *id;
	result = bpf(BPF_LINK_GET_NEXT_ID, &attr);
	*id = attr.next_id;
	return result == -ENOENT ? 0 : result < 0 ? result : 1;
}

int32_t vt_bpf_links(uint32_t after, struct vt_bpf_link *out, uint32_t capacity)
{
	uint32_t id = after, count = 0;

	while (count < capacity) {
		union bpf_attr attr = { 0 };
		int32_t result = next_id(&id);
		int32_t fd;

		if (result <= 0)
			return result < 0 ? result : (int32_t)count;
		attr.link_id = id;
		fd = bpf(BPF_LINK_GET_FD_BY_ID, &attr);
		if (fd == -ENOENT)
			continue; /* it is gone since */
		if (fd < 0)
			return fd;
		memset(&out[count], 0, sizeof(out[count]));
		out[count].id = id;
		result = describe(fd, &out[count]);
		close(fd);
		if (result < 0)
			return result;
		count++;
	}
	return (int32_t)count;
}
