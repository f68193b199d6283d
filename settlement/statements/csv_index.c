/* Bit masks of 64 bytes at a time become lists of positions. The same code is compiled for AVX2 and for the plain
 * processor; which one runs is asked once. */
#include "settlement/statements/csv_index.h"

#include "settlement/statements/csv_block.h"

#include <assert.h>

/* Inlined into both, so that each is compiled for its processor throughout. */
#define CSV_INLINE static inline __attribute__((always_inline))

typedef struct csv_block csv_block_scan(const char *bytes, unsigned char quote, unsigned char separator);
typedef uint64_t csv_inside(uint64_t quotes);

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
    index->judged_until = bytes;
    index->fault = NULL;
    index->mark_count = 0;
    index->line_end_count = 0;
    index->doubt_count = 0;
    index->marks[0] = -1;
}

CSV_INLINE unsigned
lowest_bit(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

/* The end of the run of CP932 characters that begins at AT and goes to STOP at most; the byte at fault, when one is
 * none. Pairs are judged here, the rest by text_cp932_step. */
static const char *
judge_cp932(const char *at, const char *stop, const char *end, bool *out_is_fault)
{
    const char *last_pair = stop < end ? stop : end - 1; /* where a first byte has a second */
    for (;;) {
        while (at < last_pair && (unsigned char)*at >= 0x80) {
            unsigned first = (unsigned char)at[0];
            unsigned second = (unsigned char)at[1];
            bool is_pair = (first ^ 0x20U) - 0xA1U <= 0xDCU - 0xA1U && second - 0x40U <= 0xFCU - 0x40U;
            if (!is_pair || second == 0x7F) {
                break;
            }
            at += 2;
        }
        if (at >= stop || (unsigned char)*at < 0x80) {
            return at;
        }
        size_t step = text_cp932_step(at, (size_t)(end - at));
        *out_is_fault = step == 0;
        if (step == 0) {
            return at;
        }
        at += step;
    }
}

/* The same for the other encodings. */
static const char *
judge_other(enum text_encoding encoding, const char *at, const char *stop, const char *end, bool *out_is_fault)
{
    while (at < stop && (unsigned char)*at >= 0x80) {
        size_t step = text_encoding_step(encoding, at, (size_t)(end - at));
        *out_is_fault = step == 0;
        if (step == 0) {
            break;
        }
        at += step;
    }
    return at;
}

/* Judge the characters whose bytes are marked in HIGHS, bit 0 being the byte at BLOCK. Those that began in the block
 * before are judged already. After a fault nothing more is judged: the file is refused there. */
static void
judge_characters(struct csv_index *index, const char *block, uint64_t highs)
{
    const char *end = index->end;
    const char *stop = end - block < CSV_BLOCK_BYTES ? end : block + CSV_BLOCK_BYTES;
    const char *judged = index->judged_until > block ? index->judged_until : block;
    bool is_fault = index->fault != NULL;
    for (;;) {
        size_t done = (size_t)(judged - block);
        highs = done < CSV_BLOCK_BYTES ? highs & UINT64_MAX << done : 0;
        if (highs == 0 || is_fault) {
            break;
        }
        judged = block + lowest_bit(highs);
        judged = index->format.encoding == TEXT_CP932
                     ? judge_cp932(judged, stop, end, &is_fault)
                     : judge_other(index->format.encoding, judged, stop, end, &is_fault);
    }
    index->judged_until = judged;
    if (is_fault && index->fault == NULL) {
        index->fault = judged;
    }
}

/* The position of the lowest of *MARKS, which is then removed; some position when there is none. */
CSV_INLINE int32_t
take_mark(uint64_t *marks, int32_t position)
{
    int32_t taken = position + (int32_t)lowest_bit(*marks);
    *marks &= *marks - 1;
    return taken;
}

/* Append the positions of MARKS, bit 0 being POSITION. Eight are written at once, whatever their number, because a loop
 * that ends after five or six of them is mispredicted in almost every block. */
CSV_INLINE void
append_marks(struct csv_index *index, uint64_t marks, int32_t position)
{
    int32_t *out = index->marks + 1 + index->mark_count;
    index->mark_count += (unsigned)__builtin_popcountll(marks);
    do {
        out[0] = take_mark(&marks, position);
        out[1] = take_mark(&marks, position);
        out[2] = take_mark(&marks, position);
        out[3] = take_mark(&marks, position);
        out[4] = take_mark(&marks, position);
        out[5] = take_mark(&marks, position);
        out[6] = take_mark(&marks, position);
        out[7] = take_mark(&marks, position);
        out += 8;
    } while (marks != 0);
}

/* Append the indexes that the LINE_ENDS among MARKS have in marks[]; MARK_COUNT were there before the block. */
CSV_INLINE void
append_line_ends(struct csv_index *index, uint64_t line_ends, uint64_t marks, uint32_t mark_count)
{
    for (uint64_t left = line_ends; left != 0; left &= left - 1) {
        uint64_t before = marks & ((left & (0 - left)) - 1);
        index->line_ends[index->line_end_count++] = mark_count + 1 + (uint32_t)__builtin_popcountll(before);
    }
}

/* Index the 64 bytes at BYTES, which stand for those at AT; only the bits of VALID exist in the file. */
CSV_INLINE void
index_block(struct csv_index *index, const char *at, struct csv_block block, uint64_t inside, uint64_t valid)
{
    uint64_t line_bytes = block.crs | block.lfs;
    uint64_t second_halves = block.lfs & (block.crs << 1 | index->after_cr);
    uint64_t separators = block.separators & ~inside;
    uint64_t line_ends = line_bytes & ~inside & ~second_halves;
    uint64_t marks = separators | line_ends;
    uint64_t opening = block.quotes & inside;
    uint64_t closing = block.quotes & ~inside;
    uint64_t before_field = marks | second_halves;
    uint64_t stray_quotes = opening & ~(before_field << 1 | index->after_mark);
    uint64_t stray_texts = (closing << 1 | index->after_close) & ~marks & valid;
    uint64_t stray_controls = (block.controls & ~line_bytes & ~separators) | (line_bytes & inside);
    uint64_t doubts = stray_quotes | stray_texts | stray_controls;
    int32_t position = (int32_t)(at - index->base);
    for (; doubts != 0; doubts &= doubts - 1) {
        index->doubts[index->doubt_count++] = position + (int32_t)lowest_bit(doubts);
    }
    if (block.highs != 0) {
        judge_characters(index, at, block.highs);
    }
    append_line_ends(index, line_ends, marks, index->mark_count);
    append_marks(index, marks, position);
    index->inside = 0 - (inside >> 63);
    index->after_mark = before_field >> 63;
    index->after_close = closing >> 63;
    index->after_cr = block.crs >> 63;
}

/* Index a batch with SCAN and INSIDE, which are constants where this is inlined. */
CSV_INLINE void
index_batch(struct csv_index *index, csv_block_scan *scan, csv_inside *inside)
{
    const unsigned char quote = index->format.quote;
    const unsigned char separator = index->format.separator;
    const char *at = index->next;
    size_t left = (size_t)(index->end - at);
    const char *stop = at + (left < CSV_BATCH_BYTES ? left : CSV_BATCH_BYTES);
    for (; at + CSV_BLOCK_BYTES <= stop; at += CSV_BLOCK_BYTES) {
        struct csv_block block = scan(at, quote, separator);
        index_block(index, at, block, inside(block.quotes) ^ index->inside, UINT64_MAX);
    }
    if (at < stop) { /* the end of the file, padded with spaces, which mean nothing here */
        char padded[CSV_BLOCK_BYTES];
        memset(padded, ' ', sizeof padded);
        memcpy(padded, at, (size_t)(stop - at));
        struct csv_block block = scan(padded, quote, separator);
        uint64_t valid = (UINT64_C(1) << (stop - at)) - 1;
        index_block(index, at, block, inside(block.quotes) ^ index->inside, valid);
    }
    index->next = stop;
}

#ifdef CSV_BLOCK_HAS_X86
/* A carry-less multiplication by all ones is the same prefix of XORs. */
CSV_TARGET_AVX2 static inline uint64_t
inside_by_pclmul(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

CSV_TARGET_AVX2 static void
index_batch_avx2(struct csv_index *index)
{
    index_batch(index, csv_block_by_avx2, inside_by_pclmul);
}

static void
index_batch_plain(struct csv_index *index)
{
    index_batch(index, csv_block_by_sse2, csv_block_inside);
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
    index_batch(index, csv_block_by_words, csv_block_inside);
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
