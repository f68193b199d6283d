/* Which of 64 bytes matter to a CSV reader, as bit masks (bit i = byte i): the innermost step of csv_index.c, in three
 * forms that a test holds against each other. */
#pragma once

#include <stdint.h>

enum { CSV_BLOCK_BYTES = 64 };

struct csv_block {
    uint64_t quotes;
    uint64_t separators;
    uint64_t crs;
    uint64_t lfs;
    uint64_t controls; /* 0x00 … 0x1F, CR and LF among them */
};

/* By 64-bit words: right on every machine. QUOTE 0xFF: there is no quote (0xFF is legal in no encoding here). The byte
 * tests are the classic exact zero-byte test, without carry from byte to byte. */
static inline struct csv_block csv_block_by_words(const char *bytes, unsigned char quote, unsigned char separator);

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define CSV_BLOCK_HAS_X86 1
#define CSV_TARGET_AVX2 __attribute__((target("avx2,bmi,popcnt,pclmul")))

/* With SSE2, which is part of every x86-64. */
static inline struct csv_block
csv_block_by_sse2(const char *bytes, unsigned char quote, unsigned char separator)
{
    struct csv_block block = {0};
    for (unsigned shift = 0; shift < CSV_BLOCK_BYTES; shift += 16) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(bytes + shift));
        __m128i quotes = _mm_cmpeq_epi8(part, _mm_set1_epi8((char)quote));
        __m128i separators = _mm_cmpeq_epi8(part, _mm_set1_epi8((char)separator));
        __m128i crs = _mm_cmpeq_epi8(part, _mm_set1_epi8('\r'));
        __m128i lfs = _mm_cmpeq_epi8(part, _mm_set1_epi8('\n'));
        __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(part, _mm_set1_epi8(0x1F)), part);
        block.quotes |= (uint64_t)(unsigned)_mm_movemask_epi8(quotes) << shift;
        block.separators |= (uint64_t)(unsigned)_mm_movemask_epi8(separators) << shift;
        block.crs |= (uint64_t)(unsigned)_mm_movemask_epi8(crs) << shift;
        block.lfs |= (uint64_t)(unsigned)_mm_movemask_epi8(lfs) << shift;
        block.controls |= (uint64_t)(unsigned)_mm_movemask_epi8(controls) << shift;
    }
    return block;
}

CSV_TARGET_AVX2 static inline uint64_t
csv_mask_avx2(__m256i low, __m256i high)
{
    return (uint64_t)(unsigned)_mm256_movemask_epi8(low) | (uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32;
}

CSV_TARGET_AVX2 static inline uint64_t
csv_equal_avx2(__m256i low, __m256i high, unsigned char byte)
{
    __m256i wanted = _mm256_set1_epi8((char)byte);
    return csv_mask_avx2(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

/* With AVX2: only where the processor has it, which csv_index.c asks once. */
CSV_TARGET_AVX2 static inline struct csv_block
csv_block_by_avx2(const char *bytes, unsigned char quote, unsigned char separator)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    __m256i last_control = _mm256_set1_epi8(0x1F);
    return (struct csv_block){
        .quotes = csv_equal_avx2(low, high, quote),
        .separators = csv_equal_avx2(low, high, separator),
        .crs = csv_equal_avx2(low, high, '\r'),
        .lfs = csv_equal_avx2(low, high, '\n'),
        .controls = csv_mask_avx2(_mm256_cmpeq_epi8(_mm256_min_epu8(low, last_control), low),
                                  _mm256_cmpeq_epi8(_mm256_min_epu8(high, last_control), high)),
    };
}
#endif

/* Top bit of each byte set where the byte is zero. */
static inline uint64_t
csv_zero_bytes(uint64_t word)
{
    const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F);
    return ~(((word & low) + low) | word | low);
}

/* The top bits of the eight bytes as eight bits, byte 0 lowest. */
static inline uint64_t
csv_top_bits(uint64_t word)
{
    return ((word >> 7) & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56;
}

static inline uint64_t
csv_equal_word(uint64_t word, unsigned char byte)
{
    return csv_top_bits(csv_zero_bytes(word ^ UINT64_C(0x0101010101010101) * byte));
}

static inline struct csv_block
csv_block_by_words(const char *bytes, unsigned char quote, unsigned char separator)
{
    struct csv_block block = {0};
    for (unsigned shift = 0; shift < CSV_BLOCK_BYTES; shift += 8) {
        uint64_t word = 0;
        for (unsigned i = 0; i < 8; i++) { /* byte 0 lowest, whatever the machine's order */
            word |= (uint64_t)(unsigned char)bytes[shift + i] << (8 * i);
        }
        block.quotes |= csv_equal_word(word, quote) << shift;
        block.separators |= csv_equal_word(word, separator) << shift;
        block.crs |= csv_equal_word(word, '\r') << shift;
        block.lfs |= csv_equal_word(word, '\n') << shift;
        block.controls |= csv_top_bits(csv_zero_bytes(word & UINT64_C(0xE0E0E0E0E0E0E0E0))) << shift;
    }
    return block;
}

/* Bit i = XOR of bits 0 … i: from a mask of quotes to the mask of what stands inside quotes (the opening quote counts
 * as inside, the closing one as outside). */
static inline uint64_t
csv_block_inside(uint64_t quotes)
{
    quotes ^= quotes << 1;
    quotes ^= quotes << 2;
    quotes ^= quotes << 4;
    quotes ^= quotes << 8;
    quotes ^= quotes << 16;
    quotes ^= quotes << 32;
    return quotes;
}
