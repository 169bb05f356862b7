/* How many symbols a vDSO has, of which its symbol table says nothing. Format: https://flapenguin.me/elf-dt-gnu-hash. */
#include "vdso-tables.h"

static bool fetch_word(const struct image *image, uint64_t offset, uint32_t *to)
{
	return fetch(image, offset, to, sizeof(*to));
}

/* DT_HASH: nbucket, nchain; nchain is the number of symbols. */
uint64_t count_by_sysv_hash(const struct image *image, uint64_t table)
{
	uint32_t words[2];

	return table != 0 && fetch(image, table, words, sizeof(words)) ? words[1] : 0;
}

/* DT_GNU_HASH has no count: the symbols end with the chain of the highest bucket. */
uint64_t count_by_gnu_hash(const struct image *image, uint64_t table)
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
uint64_t count_by_sections(const struct image *image)
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
