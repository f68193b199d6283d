/* The characters of keyboards. Pure. */
#pragma once

#include <stdbool.h>

/* What the scanner was told to pretend to be: not what the till's own keyboard is. */
enum keyboard_layout {
    KEYBOARD_US,
    KEYBOARD_JP /* JIS, 109 keys */
};

/* The character of KEY (KEY_… of linux/input-event-codes.h), '\r' for Enter, '\t' for Tab; '\0' when it has none. */
char keymap_character(enum keyboard_layout layout, unsigned key, bool is_shifted);
