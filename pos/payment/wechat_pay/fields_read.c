/* XML in, over expat: the parser sees every byte, this file says which documents are messages.
 *
 * expat itself knows no external entities unless it is told to load them, and a document with a type declaration, the
 * only place where entities could be made, is refused at its first word. */
#include "pos/payment/wechat_pay/fields.h"

#include "common/signing/signing.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

struct reading {
    XML_Parser parser;
    struct wechat_fields *fields;
    unsigned depth;
    char name[WECHAT_NAME_SIZE]; /* of the element that is open at depth 2 */
    struct buffer value;
    bool is_refused;
};

static void
refuse(struct reading *reading)
{
    reading->is_refused = true;
    XML_StopParser(reading->parser, XML_FALSE);
}

static void XMLCALL
on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *reading = context;
    reading->depth++;
    const bool is_root = reading->depth == 1 && strcmp(name, "xml") == 0;
    const bool is_field = reading->depth == 2 && strlen(name) < sizeof reading->name;
    if (attributes[0] != NULL || !(is_root || is_field)) {
        refuse(reading);
        return;
    }
    if (is_field) {
        memcpy(reading->name, name, strlen(name) + 1);
        buffer_clear(&reading->value);
    }
}

static void XMLCALL
on_end(void *context, const XML_Char *name)
{
    struct reading *reading = context;
    (void)name;
    if (reading->depth == 2) {
        wechat_fields_set_n(reading->fields, reading->name, buffer_text(&reading->value), reading->value.length);
        if (reading->value.has_failed || reading->fields->has_failed) {
            refuse(reading);
        }
    }
    reading->depth--;
}

static void XMLCALL
on_text(void *context, const XML_Char *text, int length)
{
    struct reading *reading = context;
    if (reading->depth == 2) {
        buffer_append(&reading->value, text, (size_t)length);
        return;
    }
    for (int i = 0; i < length; i++) { /* between the elements there is only white space */
        if (strchr(" \t\r\n", text[i]) == NULL) {
            refuse(reading);
            return;
        }
    }
}

static void XMLCALL
on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    refuse(context);
}

static void XMLCALL
on_instruction(void *context, const XML_Char *target, const XML_Char *data)
{
    (void)target;
    (void)data;
    refuse(context);
}

enum status
wechat_fields_read(struct wechat_fields *fields, const char *xml, size_t length, struct error_detail *err)
{
    wechat_fields_init(fields);
    if (length > WECHAT_MESSAGE_MAX_BYTES) {
        error_set(err, "too_long", "the message exceeds %d bytes", WECHAT_MESSAGE_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    struct reading reading = {.parser = XML_ParserCreate("UTF-8"), .fields = fields};
    if (reading.parser == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    buffer_init(&reading.value, WECHAT_TEXT_MAX);
    XML_SetUserData(reading.parser, &reading);
    XML_SetElementHandler(reading.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading.parser, on_text);
    XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
    XML_SetProcessingInstructionHandler(reading.parser, on_instruction);
    const enum XML_Status parsed = XML_Parse(reading.parser, xml, (int)length, XML_TRUE);
    const bool is_message = parsed == XML_STATUS_OK && !reading.is_refused;
    if (!is_message) {
        error_set_at(err, (unsigned)XML_GetCurrentLineNumber(reading.parser), 0, "not_a_message",
                     "the answer is no message of text elements");
        wechat_fields_init(fields);
    }
    XML_ParserFree(reading.parser);
    buffer_finish(&reading.value);
    return is_message ? STATUS_OK : STATUS_INVALID;
}
