#include "../vdsotop.h"
#include "selftest.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CAPACITY 64
#define MUTANTS 4000

static const struct vt_vdso_symbol *find(const struct vt_vdso_symbol *symbols, uint32_t count, const char *name)
{
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(symbols[i].name, name) == 0)
			return &symbols[i];
	return NULL;
}

static const struct vt_vdso_symbol *find_clock_gettime(const struct vt_vdso_symbol *symbols, uint32_t count)
{
	const struct vt_vdso_symbol *found = find(symbols, count, "__vdso_clock_gettime");

	return found != NULL ? found : find(symbols, count, "__kernel_clock_gettime");
}

/* Our own image on the heap, so that AddressSanitizer sees a read beyond it. */
static uint8_t *copy_own(uint64_t *size, struct vt_vdso_image *image, struct vt_vdso_symbol *symbols)
{
	if (vt_vdso_own(image, symbols, CAPACITY) != 0)
		return NULL;
	uint8_t *copy = malloc(image->size_bytes);
	memcpy(copy, (const void *)(uintptr_t)image->base, image->size_bytes);
	*size = image->size_bytes;
	return copy;
}

static void check_call(const struct vt_vdso_image *image, const struct vt_vdso_symbol *symbol)
{
	int (*clock)(clockid_t, struct timespec *);
	struct timespec ours, libc;
	uintptr_t address = image->base + symbol->offset;

	memcpy(&clock, &address, sizeof(clock));
	check(clock(CLOCK_MONOTONIC, &ours) == 0 && clock_gettime(CLOCK_MONOTONIC, &libc) == 0 &&
		      libc.tv_sec - ours.tv_sec <= 1 && libc.tv_sec >= ours.tv_sec,
	      "%s at +0x%llx tells the time", symbol->name, (unsigned long long)symbol->offset);
}

/* What a GNU-hash-only vDSO (arm64 since 6.11) looks like: the same image with DT_HASH turned into something unknown. */
static bool hide_dynamic_tag(uint8_t *bytes, int64_t tag)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)bytes;
	const Elf64_Phdr *segments = (const Elf64_Phdr *)(bytes + header->e_phoff);

	for (int i = 0; i < header->e_phnum; i++) {
		if (segments[i].p_type != PT_DYNAMIC)
			continue;
		for (Elf64_Dyn *entry = (Elf64_Dyn *)(bytes + segments[i].p_offset); entry->d_tag != DT_NULL; entry++)
			if (entry->d_tag == tag) {
				entry->d_tag = DT_DEBUG;
				return true;
			}
	}
	return false;
}

static bool has_section_headers(const uint8_t *bytes, uint64_t size)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)bytes;

	return header->e_shoff != 0 && header->e_shoff + (uint64_t)header->e_shnum * sizeof(Elf64_Shdr) <= size;
}

static void check_without(uint8_t *bytes, uint64_t size, int64_t tag, uint32_t left, uint32_t expected)
{
	struct vt_vdso_symbol symbols[CAPACITY];
	struct vt_vdso_image image;

	if (!hide_dynamic_tag(bytes, tag)) {
		skip("this vDSO has no dynamic tag 0x%llx to hide", (unsigned long long)tag);
		return;
	}
	int32_t result = vt_vdso_parse(bytes, size, &image, symbols, CAPACITY);
	check(result == 0 && image.hash_tables == left, "hash tables without tag 0x%llx: %u", (unsigned long long)tag,
	      left);
	check(result == 0 && image.symbol_count == expected, "%u functions are found without it", expected);
}

static bool same_symbols(const struct vt_vdso_symbol *a, const struct vt_vdso_symbol *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (a[i].offset != b[i].offset || strcmp(a[i].name, b[i].name) != 0)
			return false;
	return true;
}

static void check_parse(const uint8_t *bytes, uint64_t size, const struct vt_vdso_image *own,
			const struct vt_vdso_symbol *own_symbols)
{
	struct vt_vdso_symbol symbols[CAPACITY];
	struct vt_vdso_image image;

	int32_t result = vt_vdso_parse(bytes, size, &image, symbols, CAPACITY);
	check(result == 0 && image.base == 0 && image.symbol_count == own->symbol_count &&
		      image.size_bytes == own->size_bytes && same_symbols(symbols, own_symbols, own->symbol_count),
	      "a copy of the image parses to the same %u functions", own->symbol_count);
	check(vt_vdso_parse(bytes, size, &image, symbols, own->symbol_count - 1) == -ENOSPC,
	      "one symbol too few in the caller's buffer is ENOSPC");
}

void test_vdso(void)
{
	struct vt_vdso_symbol symbols[CAPACITY];
	struct vt_vdso_image own;
	uint64_t size;

	check(vt_abi_version() == VT_ABI_VERSION, "ABI version %d", VT_ABI_VERSION);
	uint8_t *copy = copy_own(&size, &own, symbols);
	if (copy == NULL) {
		skip("this process has no vDSO");
		return;
	}
	const struct vt_vdso_symbol *clock = find_clock_gettime(symbols, own.symbol_count);
	if (check(clock != NULL, "own vDSO exports clock_gettime among %u functions", own.symbol_count))
		check_call(&own, clock);
	check(own.hash_tables != 0, "it has a hash table (%u)", own.hash_tables);
	check(own.build_id_bytes == 20, "its build id has 20 bytes");
	check_parse(copy, size, &own, symbols);
	check_without(copy, size, DT_HASH, own.hash_tables & ~VT_HASH_SYSV, own.symbol_count);
	if (has_section_headers(copy, size))
		check_without(copy, size, DT_GNU_HASH, 0, own.symbol_count);
	else
		skip("this vDSO's section headers are not mapped: without hash tables nothing counts its symbols");
	free(copy);
}

/* xorshift: the same mutants on every run. */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Whatever came out must be safe to print and lie inside the image. */
static bool is_sane(const struct vt_vdso_image *image, const struct vt_vdso_symbol *symbols)
{
	if (image->symbol_count > CAPACITY || image->build_id_bytes > sizeof(image->build_id))
		return false;
	for (uint32_t i = 0; i < image->symbol_count; i++) {
		const char *end = memchr(symbols[i].name, '\0', sizeof(symbols[i].name));
		if (end == NULL || end == symbols[i].name || symbols[i].offset >= image->size_bytes)
			return false;
		for (const char *at = symbols[i].name; at < end; at++)
			if (*at <= ' ' || *at > '~')
				return false;
	}
	return true;
}

/* Parses exactly `size` bytes on the heap: one byte read beyond them ends the test. */
static int32_t parse_exactly(const uint8_t *bytes, uint64_t size, bool *sane)
{
	struct vt_vdso_symbol symbols[CAPACITY];
	struct vt_vdso_image image;
	uint8_t *exact = malloc(size ? size : 1);

	memcpy(exact, bytes, size);
	int32_t result = vt_vdso_parse(exact, size, &image, symbols, CAPACITY);
	*sane = *sane && (result != 0 || is_sane(&image, symbols));
	free(exact);
	return result;
}

static void check_truncated(const uint8_t *bytes, uint64_t size)
{
	bool sane = true, short_ones_refused = true;

	for (uint64_t cut = 0; cut < size; cut += cut < 256 ? 1 : 37) {
		int32_t result = parse_exactly(bytes, cut, &sane);
		if (cut < sizeof(Elf64_Ehdr) && result != -EINVAL)
			short_ones_refused = false;
	}
	check(sane, "every truncation gives an error or sane symbols");
	check(short_ones_refused, "less than an ELF header is EINVAL");
}

/* Mostly in the headers, the dynamic section and the tables, which decide where the reader looks. */
static void mutate(uint8_t *bytes, uint64_t size, uint32_t *random)
{
	static const uint32_t extremes[] = { 0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff };

	for (uint32_t n = next_random(random) % 8 + 1; n > 0; n--) {
		uint32_t where = next_random(random);
		uint64_t at = (where & 1 ? where % 0x400 : where % size) % (size - 4);
		uint32_t value = where & 2 ? extremes[next_random(random) % 8] : next_random(random);
		memcpy(bytes + at, &value, where & 4 ? 4 : 1);
	}
}

static void check_mutants(const uint8_t *bytes, uint64_t size)
{
	uint8_t *mutant = malloc(size);
	uint32_t random = 0x5eed, accepted = 0;
	bool sane = true;

	for (int i = 0; i < MUTANTS; i++) {
		memcpy(mutant, bytes, size);
		if (i % 4 == 0) /* the 32-bit reader on the same bytes */
			mutant[EI_CLASS] = ELFCLASS32;
		mutate(mutant, size, &random);
		accepted += parse_exactly(mutant, size, &sane) == 0;
	}
	check(sane, "%d mutants give an error or sane symbols", MUTANTS);
	check(accepted > 0 && accepted < MUTANTS, "some of them still parse (%u), some do not", accepted);
	free(mutant);
}

static void check_garbage(uint64_t size)
{
	uint8_t *garbage = malloc(size);
	uint32_t random = 0xdead;
	bool sane = true, refused = true;

	for (int i = 0; i < 200; i++) {
		for (uint64_t at = 0; at < size; at++)
			garbage[at] = (uint8_t)next_random(&random);
		refused = refused && parse_exactly(garbage, size, &sane) == -EINVAL;
		memcpy(garbage, ELFMAG "\x02\x01\x01", 7); /* a promising start */
		parse_exactly(garbage, size, &sane);
	}
	check(refused, "garbage is EINVAL");
	check(sane, "garbage behind an ELF magic gives an error or sane symbols");
	free(garbage);
}

void test_hostile_vdso(void)
{
	struct vt_vdso_symbol symbols[CAPACITY];
	struct vt_vdso_image own;
	uint64_t size;
	uint8_t *copy = copy_own(&size, &own, symbols);

	if (copy == NULL) {
		skip("this process has no vDSO to mutate");
		return;
	}
	check_truncated(copy, size);
	check_mutants(copy, size);
	check_garbage(size);
	free(copy);
}
