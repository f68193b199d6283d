/* `madoguchi-pos receipt`: one paper from a JSON document to bytes, text or a picture (docs/receipt.md). */
#pragma once

/* ARGV[0] is the word "receipt". Returns the exit code: 0; 2 usage; 3 the document cannot be read; 4 a file cannot be
 * read or written. */
int receipt_command(int argc, char **argv);
