/*
 * Between vdso-tables.c, which finds the tables of a vDSO image, vdso-symbol-count.c, which tells how many symbols they
 * hold, vdso-symbols.c, which reads those, vdso-build-id.c, and vdso.c.
 */
#ifndef VDSOTOP_VDSO_TABLES_H
#define VDSOTOP_VDSO_TABLES_H

#include "elf-image.h"
#include "vdsotop.h"

/* What the program headers and the dynamic section point at; 0 where they name nothing. Offsets in the image. */
struct tables {
	uint64_t end, dynamic, dynamic_size;
	uint64_t symbols, strings, strings_size, sysv_hash, gnu_hash;
};

/* Where the image lies in its own addresses (image->bias) and where it ends. False: no segment is loaded, or one is absurd. */
bool measure(struct image *image, struct tables *tables);

/* What the dynamic section points at, all of it 0 where there is none. */
void find_tables(const struct image *image, struct tables *tables);

/* Number of symbols by DT_HASH, by DT_GNU_HASH and by the section headers; 0 where that is missing or lies outside. */
uint64_t count_by_sysv_hash(const struct image *image, uint64_t table);
uint64_t count_by_gnu_hash(const struct image *image, uint64_t table);
uint64_t count_by_sections(const struct image *image);

/* The functions among the first `count` symbols. Their number, or -ENOSPC: more than `capacity`. */
int32_t read_symbols(const struct image *image, const struct tables *tables, uint64_t count,
		     struct vt_vdso_symbol *symbols, uint32_t capacity);

/* Fills build_id and build_id_bytes where there is one. */
void find_build_id(const struct image *image, struct vt_vdso_image *out);

#endif
