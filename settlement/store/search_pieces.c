/* A window of three characters moves over the text. */
#include "settlement/store/search_pieces.h"

/* The beginning of the character after the one at AT. */
static const char *
after_character(const char *at)
{
    at++;
    while (((unsigned char)*at & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

/* The end of the three characters that begin at AT, or NULL when there are fewer. */
static const char *
end_of_piece(const char *at)
{
    for (int i = 0; i < 3; i++) {
        if (*at == '\0') {
            return NULL;
        }
        at = after_character(at);
    }
    return at;
}

bool
search_pieces(char out[SEARCH_PIECES_SIZE], const char *search)
{
    enum { PIECE_MAX_BYTES = 20 };
    size_t used = 0;
    const char *end;
    while ((end = end_of_piece(search)) != NULL && used + PIECE_MAX_BYTES < SEARCH_PIECES_SIZE) {
        if (end - search <= 12) { /* bytes that are no UTF-8 make no piece */
            out[used++] = '"';
            for (const char *at = search; at < end; at++) {
                if (*at == '"') {
                    out[used++] = '"';
                }
                out[used++] = *at;
            }
            out[used++] = '"';
            out[used++] = ' ';
        }
        search = after_character(search);
    }
    out[used] = '\0';
    return used > 0;
}
