/* Bit masks of 64 bytes at a time become lists of positions. The same code is compiled for AVX2 and for the plain
 * processor; which one runs is asked once. */
#include "settlement/statements/csv_index.h"

#include "settlement/statements/csv_block.h"

#include <assert.h>

/* Inlined into both, so that each is compiled for its processor throughout. */
#define CSV_INLINE static inline __attribute__((always_inline))

typedef struct csv_block csv_block_scan(const char *bytes, unsigned char quote, unsigned char separator);
typedef uint64_t csv_inside(uint64_t quotes);
typedef unsigned csv_lowest(uint64_t bits); /* index of the lowest set bit; any when BITS is 0 */

void
csv_index_init(struct csv_index *index, struct csv_format format, const char *bytes, const char *end)
{
    index->format = format;
    index->base = bytes;
    index->next = bytes;
    index->end = end;
    index->inside = 0;
    index->after_mark = 1; /* a quote may open the file */
    index->after_close = 0;
    index->after_cr = 0;
    index->has_quotes = false;
    index->has_bare_fields = false;
    index->mark_count = 0;
    index->line_end_count = 0;
    index->doubt_count = 0;
    index->marks[0] = -1;
}

/* What a batch carries from block to block. A copy of the index's members on the stack: the compiler keeps it in
 * registers, which it could not do with members that the lists being written might overlap. */
struct carry {
    uint64_t inside;
    uint64_t after_mark;
    uint64_t after_close;
    uint64_t after_cr;
    uint64_t all_quotes; /* ORed over the blocks: is there any? */
    uint64_t all_bare;
    int32_t *marks; /* where the next goes */
    uint32_t *line_ends;
    int32_t *doubts;
};

/* How one processor does the steps; constants where this is inlined. */
struct csv_machine {
    csv_block_scan *scan;
    csv_inside *inside;
    csv_lowest *lowest;
};

/* The position of the lowest of *MARKS, which is then removed; some position when there is none. */
CSV_INLINE int32_t
take_mark(uint64_t *marks, int32_t position, csv_lowest *lowest)
{
    int32_t taken = position + (int32_t)lowest(*marks);
    *marks &= *marks - 1;
    return taken;
}

/* Append the positions of MARKS, bit 0 being POSITION. Eight are written at once, whatever their number, because a loop
 * that ends after five or six of them is mispredicted in almost every block. */
CSV_INLINE void
append_marks(struct carry *carry, uint64_t marks, int32_t position, csv_lowest *lowest)
{
    int32_t *out = carry->marks;
    carry->marks += __builtin_popcountll(marks);
    do {
        out[0] = take_mark(&marks, position, lowest);
        out[1] = take_mark(&marks, position, lowest);
        out[2] = take_mark(&marks, position, lowest);
        out[3] = take_mark(&marks, position, lowest);
        out[4] = take_mark(&marks, position, lowest);
        out[5] = take_mark(&marks, position, lowest);
        out[6] = take_mark(&marks, position, lowest);
        out[7] = take_mark(&marks, position, lowest);
        out += 8;
    } while (marks != 0);
}

/* Append the indexes that the LINE_ENDS among MARKS will have in marks[]; FIRST is that of the lowest mark. */
CSV_INLINE void
append_line_ends(struct carry *carry, uint64_t line_ends, uint64_t marks, uint32_t first)
{
    for (uint64_t left = line_ends; left != 0; left &= left - 1) {
        uint64_t before = marks & ((left & (0 - left)) - 1);
        *carry->line_ends++ = first + (uint32_t)__builtin_popcountll(before);
    }
}

/* Index BLOCK, whose first byte is at POSITION and of which only the bits of VALID exist in the file. */
CSV_INLINE void
index_block(struct carry *carry, const struct csv_block *block, uint64_t valid, int32_t position,
            const int32_t *marks_start, const struct csv_machine *machine)
{
    uint64_t inside = machine->inside(block->quotes) ^ carry->inside;
    uint64_t line_bytes = block->crs | block->lfs;
    uint64_t second_halves = block->lfs & (block->crs << 1 | carry->after_cr);
    uint64_t line_ends = line_bytes & ~inside & ~second_halves;
    uint64_t marks = (block->separators & ~inside) | line_ends;
    uint64_t before_field = marks | second_halves;
    uint64_t closing = block->quotes & ~inside;
    uint64_t after_closing = closing << 1 | carry->after_close;
    uint64_t stray_quotes = block->quotes & inside & ~(before_field << 1 | carry->after_mark);
    uint64_t stray_texts = after_closing & ~marks & valid;
    uint64_t stray_controls = (block->controls & ~line_bytes & ~marks) | (line_bytes & inside);
    uint64_t doubts = stray_quotes | stray_texts | stray_controls;
    for (; doubts != 0; doubts &= doubts - 1) {
        *carry->doubts++ = position + (int32_t)machine->lowest(doubts);
    }
    append_line_ends(carry, line_ends, marks, (uint32_t)(carry->marks - marks_start));
    append_marks(carry, marks, position, machine->lowest);
    carry->inside = 0 - (inside >> 63);
    carry->after_mark = before_field >> 63;
    carry->after_close = closing >> 63;
    carry->after_cr = block->crs >> 63;
    carry->all_quotes |= block->quotes;
    carry->all_bare |= marks & ~after_closing;
}

/* Index a batch as MACHINE does. */
CSV_INLINE void
index_batch(struct csv_index *index, const struct csv_machine *machine)
{
    const unsigned char quote = index->format.quote;
    const unsigned char separator = index->format.separator;
    const char *at = index->next;
    size_t left = (size_t)(index->end - at);
    const char *stop = at + (left < CSV_BATCH_BYTES ? left : CSV_BATCH_BYTES);
    int32_t position = (int32_t)(at - index->base);
    struct carry carry = {
        .inside = index->inside,
        .after_mark = index->after_mark,
        .after_close = index->after_close,
        .after_cr = index->after_cr,
        .marks = index->marks + 1 + index->mark_count,
        .line_ends = index->line_ends + index->line_end_count,
        .doubts = index->doubts + index->doubt_count,
    };
    for (; at + CSV_BLOCK_BYTES <= stop; at += CSV_BLOCK_BYTES, position += CSV_BLOCK_BYTES) {
        struct csv_block block = machine->scan(at, quote, separator);
        index_block(&carry, &block, UINT64_MAX, position, index->marks, machine);
    }
    if (at < stop) { /* the end of the file, padded with spaces, which mean nothing here */
        char padded[CSV_BLOCK_BYTES];
        memset(padded, ' ', sizeof padded);
        memcpy(padded, at, (size_t)(stop - at));
        struct csv_block block = machine->scan(padded, quote, separator);
        index_block(&carry, &block, (UINT64_C(1) << (stop - at)) - 1, position, index->marks, machine);
    }
    index->next = stop;
    index->inside = carry.inside;
    index->after_mark = carry.after_mark;
    index->after_close = carry.after_close;
    index->after_cr = carry.after_cr;
    index->mark_count = (uint32_t)(carry.marks - index->marks - 1);
    index->line_end_count = (uint32_t)(carry.line_ends - index->line_ends);
    index->doubt_count = (uint32_t)(carry.doubts - index->doubts);
    index->has_quotes = index->has_quotes || carry.all_quotes != 0;
    index->has_bare_fields = index->has_bare_fields || carry.all_bare != 0;
}

static inline unsigned
lowest_plain(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

#ifdef CSV_BLOCK_HAS_X86
/* A carry-less multiplication by all ones is the same prefix of XORs. */
CSV_TARGET_AVX2 static inline uint64_t
inside_by_pclmul(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

CSV_TARGET_AVX2 static inline unsigned
lowest_by_bmi(uint64_t bits)
{
    return (unsigned)_tzcnt_u64(bits);
}

CSV_TARGET_AVX2 static void
index_batch_avx2(struct csv_index *index)
{
    static const struct csv_machine machine = {csv_block_by_avx2, inside_by_pclmul, lowest_by_bmi};
    index_batch(index, &machine);
}

static void
index_batch_plain(struct csv_index *index)
{
    static const struct csv_machine machine = {csv_block_by_sse2, csv_block_inside, lowest_plain};
    index_batch(index, &machine);
}

static bool
has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("pclmul");
}
#else
static void
index_batch_plain(struct csv_index *index)
{
    static const struct csv_machine machine = {csv_block_by_words, csv_block_inside, lowest_plain};
    index_batch(index, &machine);
}
#endif

bool
csv_index_advance(struct csv_index *index, const char *record, uint32_t first_mark, uint32_t first_doubt)
{
    assert(record >= index->base && record <= index->next + 1); /* + 1: the LF of a CR LF opens the batch */
    assert(index->mark_count + 1 - first_mark <= CSV_COLUMNS_MAX);

    if (index->next == index->end) {
        return false;
    }
    int32_t shift = (int32_t)(record - index->base);
    uint32_t kept = 0;
    for (uint32_t i = first_mark; i <= index->mark_count; i++) {
        index->marks[1 + kept++] = index->marks[i] - shift;
    }
    uint32_t kept_doubts = 0;
    for (uint32_t i = first_doubt; i < index->doubt_count; i++) {
        index->doubts[kept_doubts++] = index->doubts[i] - shift;
    }
    index->marks[0] = -1;
    index->mark_count = kept;
    index->line_end_count = 0;
    index->doubt_count = kept_doubts;
    index->base = record;
#ifdef CSV_BLOCK_HAS_X86
    if (has_avx2()) {
        index_batch_avx2(index);
        return true;
    }
#endif
    index_batch_plain(index);
    return true;
}
