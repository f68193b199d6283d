/* Both layouts share the letters and digits; the rest differs. */
#include "drivers/keyboard_scanner/keymap.h"

#include <linux/input-event-codes.h>
#include <stddef.h>

enum { KEYS = 128, PLAIN = 0, SHIFTED = 1, SHIFT_STATES = 2 };

static const char common[KEYS][SHIFT_STATES] = {
    [KEY_A] = "aA",       [KEY_B] = "bB",       [KEY_C] = "cC",          [KEY_D] = "dD",     [KEY_E] = "eE",
    [KEY_F] = "fF",       [KEY_G] = "gG",       [KEY_H] = "hH",          [KEY_I] = "iI",     [KEY_J] = "jJ",
    [KEY_K] = "kK",       [KEY_L] = "lL",       [KEY_M] = "mM",          [KEY_N] = "nN",     [KEY_O] = "oO",
    [KEY_P] = "pP",       [KEY_Q] = "qQ",       [KEY_R] = "rR",          [KEY_S] = "sS",     [KEY_T] = "tT",
    [KEY_U] = "uU",       [KEY_V] = "vV",       [KEY_W] = "wW",          [KEY_X] = "xX",     [KEY_Y] = "yY",
    [KEY_Z] = "zZ",       [KEY_COMMA] = ",<",   [KEY_DOT] = ".>",        [KEY_SLASH] = "/?", [KEY_SPACE] = "  ",
    [KEY_ENTER] = "\r\r", [KEY_TAB] = "\t\t",   [KEY_KPENTER] = "\r\r",  [KEY_KP0] = "00",   [KEY_KP1] = "11",
    [KEY_KP2] = "22",     [KEY_KP3] = "33",     [KEY_KP4] = "44",        [KEY_KP5] = "55",   [KEY_KP6] = "66",
    [KEY_KP7] = "77",     [KEY_KP8] = "88",     [KEY_KP9] = "99",        [KEY_KPDOT] = "..", [KEY_KPMINUS] = "--",
    [KEY_KPPLUS] = "++",  [KEY_KPSLASH] = "//", [KEY_KPASTERISK] = "**",
};

static const char us[KEYS][SHIFT_STATES] = {
    [KEY_1] = "1!",           [KEY_2] = "2@",          [KEY_3] = "3#",          [KEY_4] = "4$",
    [KEY_5] = "5%",           [KEY_6] = "6^",          [KEY_7] = "7&",          [KEY_8] = "8*",
    [KEY_9] = "9(",           [KEY_0] = "0)",          [KEY_MINUS] = "-_",      [KEY_EQUAL] = "=+",
    [KEY_LEFTBRACE] = "[{",   [KEY_RIGHTBRACE] = "]}", [KEY_BACKSLASH] = "\\|", [KEY_SEMICOLON] = ";:",
    [KEY_APOSTROPHE] = "'\"", [KEY_GRAVE] = "`~",      [KEY_102ND] = "\\|",
};

static const char jp[KEYS][SHIFT_STATES] = {
    [KEY_1] = "1!",          [KEY_2] = "2\"",         [KEY_3] = "3#",         [KEY_4] = "4$",
    [KEY_5] = "5%",          [KEY_6] = "6&",          [KEY_7] = "7'",         [KEY_8] = "8(",
    [KEY_9] = "9)",          [KEY_0] = {'0', '\0'},   [KEY_MINUS] = "-=",     [KEY_EQUAL] = "^~",
    [KEY_LEFTBRACE] = "@`",  [KEY_RIGHTBRACE] = "[{", [KEY_BACKSLASH] = "]}", [KEY_SEMICOLON] = ";+",
    [KEY_APOSTROPHE] = ":*", [KEY_YEN] = "\\|",       [KEY_RO] = "\\_",
};

char
keymap_character(enum keyboard_layout layout, unsigned key, bool is_shifted)
{
    const size_t state = is_shifted ? SHIFTED : PLAIN;
    if (key >= KEYS) {
        return '\0';
    }
    const char *own = layout == KEYBOARD_JP ? jp[key] : us[key];
    return own[PLAIN] != '\0' ? own[state] : common[key][state];
}
