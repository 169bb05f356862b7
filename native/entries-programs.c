/* The BPF programs that count kernel entries, put together from their parts. */
#include "entries-code.h"

void counting_program(struct code *c, const struct vt_entries_plan *plan, uint32_t kind,
		      const struct vt_tracepoint *tracepoint, const struct vt_entries *maps)
{
	const int is_compat = kind >= VT_TP_LINKAT;
	struct exits out = { 0 };

	MOV(c, R6, R1);
	if (kind == VT_TP_RAW)
		load_compat_function(c, &out, tracepoint);
	else if (is_compat)
		load_twin_function(c, kind);
	pass_watched(c, &out, plan, maps->watched_fd);
	load_region(c, &out, maps->counters_fd);
	if (is_compat)
		load_compat_tag(c, tracepoint->argument_offset);
	else
		load_tag(c, &out, kind, tracepoint->argument_offset);
	count_key(c, &out, plan->keys, is_compat && kind != VT_TP_RAW ? -1 : 1);
	finish(c, &out);
}
