/*
 * Reads a vDSO image: what it exports, its build id, which hash tables it has. The image may come from another process,
 * so nothing in it is believed: every read is checked against the caller's size. Format: elf(5) and
 * https://flapenguin.me/elf-dt-gnu-hash. 32-bit structures are widened as they are read.
 */
#include "vdsotop.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

struct image {
	const uint8_t *bytes;
	uint64_t size;
	bool wide;     /* ELFCLASS64 */
	uint64_t bias; /* virtual address of the image's first byte */
	Elf64_Ehdr header;
};

/* What the program headers and the dynamic section point at; 0 where they name nothing. Offsets in the image. */
struct tables {
	uint64_t end, dynamic, dynamic_size;
	uint64_t symbols, strings, strings_size, sysv_hash, gnu_hash;
};

static bool fetch(const struct image *image, uint64_t offset, void *to, uint64_t size)
{
	if (offset > image->size || size > image->size - offset)
		return false;
	memcpy(to, image->bytes + offset, size);
	return true;
}

/* FETCH_WIDENED(Phdr, image, offset, to, fields…): an Elf64_Phdr from whichever class the image has. */
#define COPY1(a) to->a = narrow.a;
#define COPY2(a, ...) COPY1(a) COPY1(__VA_ARGS__)
#define COPY3(a, ...) COPY1(a) COPY2(__VA_ARGS__)
#define COPY4(a, ...) COPY1(a) COPY3(__VA_ARGS__)
#define COPY5(a, ...) COPY1(a) COPY4(__VA_ARGS__)
#define DEFINE_FETCH(name, type, copies)                                                                               \
	static bool name(const struct image *image, uint64_t offset, Elf64_##type *to)                                 \
	{                                                                                                              \
		Elf32_##type narrow;                                                                                   \
		if (image->wide)                                                                                       \
			return fetch(image, offset, to, sizeof(*to));                                                  \
		if (!fetch(image, offset, &narrow, sizeof(narrow)))                                                    \
			return false;                                                                                  \
		memset(to, 0, sizeof(*to));                                                                            \
		copies return true;                                                                                    \
	}
DEFINE_FETCH(fetch_header, Ehdr, COPY5(e_phoff, e_shoff, e_phnum, e_phentsize, e_shnum) COPY1(e_shentsize))
DEFINE_FETCH(fetch_segment, Phdr, COPY5(p_type, p_offset, p_vaddr, p_filesz, p_memsz))
DEFINE_FETCH(fetch_section, Shdr, COPY5(sh_type, sh_offset, sh_size, sh_entsize, sh_link))
DEFINE_FETCH(fetch_symbol, Sym, COPY4(st_name, st_value, st_shndx, st_info))
DEFINE_FETCH(fetch_dynamic, Dyn, COPY2(d_tag, d_un.d_val))

static uint64_t entry_size(const struct image *image, uint64_t wide, uint64_t narrow)
{
	return image->wide ? wide : narrow;
}

#define ENTRY_SIZE(image, type) entry_size(image, sizeof(Elf64_##type), sizeof(Elf32_##type))

static bool open_image(struct image *image, const uint8_t *bytes, uint64_t size)
{
	const uint8_t order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

	*image = (struct image){ .bytes = bytes, .size = size };
	if (size < EI_NIDENT || memcmp(bytes, ELFMAG, SELFMAG) != 0 || bytes[EI_DATA] != order)
		return false;
	if (bytes[EI_CLASS] != ELFCLASS64 && bytes[EI_CLASS] != ELFCLASS32)
		return false;
	image->wide = bytes[EI_CLASS] == ELFCLASS64;
	return fetch_header(image, 0, &image->header) && image->header.e_phentsize == ENTRY_SIZE(image, Phdr);
}

/* The segment number `index`, if the table lies inside the image that far. */
static bool segment(const struct image *image, uint32_t index, Elf64_Phdr *to)
{
	return index < image->header.e_phnum &&
	       fetch_segment(image, image->header.e_phoff + (uint64_t)index * image->header.e_phentsize, to);
}

/* First pass: where the image lies in its own addresses and how long it is. */
static bool measure(struct image *image, struct tables *tables)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	bool loaded = false;
	Elf64_Phdr header;

	for (uint32_t i = 0; segment(image, i, &header); i++) {
		if (header.p_type != PT_LOAD)
			continue;
		if (!loaded)
			image->bias = header.p_vaddr - header.p_offset;
		loaded = true;
		uint64_t end = header.p_vaddr - image->bias + header.p_memsz;
		if (header.p_memsz > INT32_MAX || end > INT32_MAX)
			return false;
		if (end > tables->end)
			tables->end = end;
	}
	tables->end = (tables->end + page - 1) / page * page;
	return loaded;
}

static void find_dynamic(const struct image *image, struct tables *tables)
{
	Elf64_Phdr header;

	for (uint32_t i = 0; segment(image, i, &header); i++)
		if (header.p_type == PT_DYNAMIC) {
			tables->dynamic = header.p_vaddr - image->bias;
			tables->dynamic_size = header.p_filesz;
		}
}

/* The vDSO's dynamic section holds link-time addresses: nobody relocates it. */
static void read_dynamic(const struct image *image, struct tables *tables)
{
	uint64_t step = ENTRY_SIZE(image, Dyn);
	Elf64_Dyn entry;

	for (uint64_t at = 0; at + step <= tables->dynamic_size; at += step) {
		if (!fetch_dynamic(image, tables->dynamic + at, &entry) || entry.d_tag == DT_NULL)
			return;
		uint64_t offset = entry.d_un.d_ptr - image->bias;
		switch (entry.d_tag) {
		case DT_SYMTAB: tables->symbols = offset; break;
		case DT_STRTAB: tables->strings = offset; break;
		case DT_STRSZ: tables->strings_size = entry.d_un.d_val; break;
		case DT_HASH: tables->sysv_hash = offset; break;
		case DT_GNU_HASH: tables->gnu_hash = offset; break;
		}
	}
}

static bool fetch_word(const struct image *image, uint64_t offset, uint32_t *to)
{
	return fetch(image, offset, to, sizeof(*to));
}

/* DT_HASH: nbucket, nchain; nchain is the number of symbols. */
static uint64_t count_by_sysv_hash(const struct image *image, uint64_t table)
{
	uint32_t words[2];

	return table != 0 && fetch(image, table, words, sizeof(words)) ? words[1] : 0;
}

/* DT_GNU_HASH has no count: the symbols end with the chain of the highest bucket. */
static uint64_t count_by_gnu_hash(const struct image *image, uint64_t table)
{
	uint32_t words[4]; /* nbuckets, symoffset, bloom_size, bloom_shift */
	uint32_t bucket, link, highest = 0;

	if (table == 0 || !fetch(image, table, words, sizeof(words)))
		return 0;
	uint64_t buckets = table + sizeof(words) + (uint64_t)words[2] * (image->wide ? 8 : 4);
	for (uint32_t i = 0; i < words[0]; i++) {
		if (!fetch_word(image, buckets + 4ull * i, &bucket))
			return 0;
		if (bucket > highest)
			highest = bucket;
	}
	if (highest < words[1])
		return words[1];
	uint64_t chain = buckets + 4ull * words[0];
	do {
		if (!fetch_word(image, chain + 4ull * (highest - words[1]), &link))
			return 0;
		highest++;
	} while ((link & 1) == 0 && highest != 0);
	return highest;
}

/* Without any hash table the section headers may still tell, where the image reaches that far. */
static uint64_t count_by_sections(const struct image *image)
{
	Elf64_Shdr header;

	for (uint32_t i = 0; i < image->header.e_shnum; i++) {
		uint64_t at = image->header.e_shoff + (uint64_t)i * ENTRY_SIZE(image, Shdr);
		if (!fetch_section(image, at, &header))
			return 0;
		if (header.sh_type == SHT_DYNSYM)
			return header.sh_size / ENTRY_SIZE(image, Sym);
	}
	return 0;
}

/* Printable ASCII that fits, or false: the name goes to a terminal one day. */
static bool fetch_name(const struct image *image, const struct tables *tables, uint32_t index, char to[56])
{
	memset(to, 0, 56);
	for (uint64_t i = 0; i < 56; i++) {
		if ((tables->strings_size != 0 && index + i >= tables->strings_size) ||
		    !fetch(image, tables->strings + index + i, &to[i], 1))
			return false;
		if (to[i] == '\0')
			return i > 0;
		if (to[i] <= ' ' || to[i] > '~')
			return false;
	}
	return false;
}

static bool is_function(const Elf64_Sym *symbol)
{
	int type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < SHN_LORESERVE &&
	       (type == STT_FUNC || type == STT_NOTYPE);
}

static int32_t read_symbols(const struct image *image, const struct tables *tables, uint64_t count,
			    struct vt_vdso_symbol *symbols, uint32_t capacity)
{
	struct vt_vdso_symbol found;
	uint32_t written = 0;
	Elf64_Sym symbol;

	for (uint64_t i = 0; i < count; i++) {
		if (!fetch_symbol(image, tables->symbols + i * ENTRY_SIZE(image, Sym), &symbol))
			break;
		found.offset = symbol.st_value - image->bias;
		if (!is_function(&symbol) || found.offset >= tables->end ||
		    !fetch_name(image, tables, symbol.st_name, found.name))
			continue;
		if (written == capacity)
			return -ENOSPC;
		symbols[written++] = found;
	}
	return (int32_t)written;
}

/* Notes are: name size, description size, type, name, description, each padded to 4 bytes. */
static void read_build_id(const struct image *image, const Elf64_Phdr *notes, struct vt_vdso_image *out)
{
	uint64_t at = notes->p_vaddr - image->bias, end = at + notes->p_filesz;
	Elf64_Nhdr note;
	char name[4];

	while (at < end && fetch(image, at, &note, sizeof(note))) {
		uint64_t name_at = at + sizeof(note), text_at = name_at + (((uint64_t)note.n_namesz + 3) & ~3ull);
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && fetch(image, name_at, name, 4) &&
		    memcmp(name, "GNU", 4) == 0 && note.n_descsz <= sizeof(out->build_id) &&
		    fetch(image, text_at, out->build_id, note.n_descsz)) {
			out->build_id_bytes = note.n_descsz;
			return;
		}
		at = text_at + (((uint64_t)note.n_descsz + 3) & ~3ull);
	}
}

static void find_build_id(const struct image *image, struct vt_vdso_image *out)
{
	Elf64_Phdr header;

	for (uint32_t i = 0; segment(image, i, &header); i++)
		if (header.p_type == PT_NOTE && out->build_id_bytes == 0)
			read_build_id(image, &header, out);
}

int32_t vt_vdso_parse(const uint8_t *bytes, uint64_t size, struct vt_vdso_image *out, struct vt_vdso_symbol *symbols,
		      uint32_t capacity)
{
	struct tables tables = { 0 };
	struct image image;

	memset(out, 0, sizeof(*out));
	if (!open_image(&image, bytes, size) || !measure(&image, &tables))
		return -EINVAL;
	find_dynamic(&image, &tables);
	read_dynamic(&image, &tables);
	if (tables.symbols == 0 || tables.strings == 0)
		return -ENOEXEC;
	uint64_t by_sysv = count_by_sysv_hash(&image, tables.sysv_hash);
	uint64_t by_gnu = count_by_gnu_hash(&image, tables.gnu_hash);
	uint64_t count = by_sysv ? by_sysv : by_gnu ? by_gnu : count_by_sections(&image);
	int32_t written = read_symbols(&image, &tables, count, symbols, capacity);
	if (written < 0)
		return written;
	find_build_id(&image, out);
	out->size_bytes = tables.end;
	out->symbol_count = (uint32_t)written;
	out->hash_tables = (by_sysv ? VT_HASH_SYSV : 0) | (by_gnu ? VT_HASH_GNU : 0);
	return 0;
}

int32_t vt_vdso_own(struct vt_vdso_image *out, struct vt_vdso_symbol *symbols, uint32_t capacity)
{
	uintptr_t base = getauxval(AT_SYSINFO_EHDR);
	struct tables tables = { 0 };
	struct image image;

	if (base == 0)
		return -ENOENT;
	/* Only the first page is known to be mapped until the program headers say more. */
	if (!open_image(&image, (const uint8_t *)base, (uint64_t)sysconf(_SC_PAGESIZE)) || !measure(&image, &tables))
		return -EINVAL;
	int32_t result = vt_vdso_parse((const uint8_t *)base, tables.end, out, symbols, capacity);
	out->base = base;
	return result;
}
