/* WeChat Pay's signature over its published example, and which documents are messages. */
#include "pos/payment/wechat_pay/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char key[] = "192006250b4c09247ec02edce69f6a2d";

static struct wechat_fields fields;

/* The example of the page on the signature (pay.weixin.qq.com, 签名算法). */
static void
set_example(void)
{
    wechat_fields_init(&fields);
    wechat_fields_set(&fields, "mch_id", "10000100");
    wechat_fields_set(&fields, "appid", "wxd930ea5d5a258f4f");
    wechat_fields_set(&fields, "nonce_str", "ibuaiVcKdpRxkhJA");
    wechat_fields_set(&fields, "device_info", "1000");
    wechat_fields_set(&fields, "body", "test");
}

static void
the_published_example_is_signed_as_published(void **state)
{
    (void)state;
    char sign[WECHAT_SIGN_SIZE];
    set_example();

    assert_int_equal(wechat_fields_sign(&fields, key, WECHAT_MD5, sign, NULL), STATUS_OK);
    assert_string_equal(sign, "9A0A8659F005D6984697E2CA0A9CF3B7");
    assert_int_equal(wechat_fields_sign(&fields, key, WECHAT_HMAC_SHA256, sign, NULL), STATUS_OK);
    assert_string_equal(sign, "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6");
}

static void
fields_without_a_value_and_the_signature_itself_are_not_signed(void **state)
{
    (void)state;
    char sign[WECHAT_SIGN_SIZE];
    set_example();
    wechat_fields_set(&fields, "attach", "");
    wechat_fields_set(&fields, "sign", "9A0A8659F005D6984697E2CA0A9CF3B7");

    assert_int_equal(wechat_fields_sign(&fields, key, WECHAT_MD5, sign, NULL), STATUS_OK);
    assert_string_equal(sign, "9A0A8659F005D6984697E2CA0A9CF3B7");
    assert_true(wechat_fields_are_signed(&fields, key, WECHAT_MD5));
    assert_false(wechat_fields_are_signed(&fields, key, WECHAT_HMAC_SHA256));
    assert_false(wechat_fields_are_signed(&fields, "another", WECHAT_MD5));
}

static void
what_is_written_reads_the_same(void **state)
{
    (void)state;
    static struct wechat_fields again;
    struct buffer xml;
    buffer_init(&xml, WECHAT_MESSAGE_MAX_BYTES);
    wechat_fields_init(&fields);
    wechat_fields_set(&fields, "body", "<手数料> & \"住民票\" ]]> 'x'\r\n\t");
    wechat_fields_set(&fields, "total_fee", "450");
    wechat_fields_set(&fields, "attach", "");

    assert_int_equal(wechat_fields_write(&fields, &xml, NULL), STATUS_OK);
    assert_int_equal(wechat_fields_read(&again, buffer_text(&xml), xml.length, NULL), STATUS_OK);
    assert_int_equal(again.count, 3);
    assert_string_equal(wechat_fields_get(&again, "body"), wechat_fields_get(&fields, "body"));
    assert_string_equal(wechat_fields_get(&again, "total_fee"), "450");
    assert_string_equal(wechat_fields_get(&again, "attach"), "");
    buffer_finish(&xml);
}

static void
published_forms_of_text_are_read(void **state)
{
    (void)state;
    static const char xml[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>\n"
                              "<return_code><![CDATA[SUCCESS]]></return_code>\n<total_fee>1</total_fee>\n"
                              "<attach>a&amp;b<![CDATA[<c>]]>&#x4E2D;</attach>\n</xml>\n";

    assert_int_equal(wechat_fields_read(&fields, xml, strlen(xml), NULL), STATUS_OK);
    assert_string_equal(wechat_fields_get(&fields, "return_code"), "SUCCESS");
    assert_string_equal(wechat_fields_get(&fields, "total_fee"), "1");
    assert_string_equal(wechat_fields_get(&fields, "attach"), "a&b<c>中");
    assert_string_equal(wechat_fields_get(&fields, "absent"), "");
}

static void
whatever_is_more_than_text_elements_is_refused(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "",
        "<xml>",
        "<xml></xml><xml></xml>",
        "<html></html>",
        "<xml><a>1</a><a>2</a></xml>",
        "<xml><a><b>1</b></a></xml>",
        "<xml><a x=\"1\">1</a></xml>",
        "<xml v=\"1\"><a>1</a></xml>",
        "<xml>text<a>1</a></xml>",
        "<xml><a>1</a><?php x?></xml>",
        "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><a>&a;</a></xml>",
        "<!DOCTYPE xml SYSTEM \"file:///etc/passwd\"><xml><a>1</a></xml>",
        "<xml><a>&unknown;</a></xml>",
        "<xml><a>\xFF</a></xml>",
        "<xml><a>&#1;</a></xml>",
        "<xml><a>\x7F</a></xml>",
        "<xml><a-b>1</a-b></xml>",
        "<xml><\xE5\x8F\xB7>1</\xE5\x8F\xB7></xml>",
        "<xml><a123456789012345678901234567890123456789012345>1</a123456789012345678901234567890123456789012345></xml>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><xm",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        if (wechat_fields_read(&fields, documents[i], strlen(documents[i]), NULL) != STATUS_INVALID) {
            fail_msg("read as a message: %s", documents[i]);
        }
        assert_int_equal(fields.count, 0);
    }
}

static void
limits_are_kept(void **state)
{
    (void)state;
    char name[16];
    struct buffer xml;
    buffer_init(&xml, 2 * WECHAT_MESSAGE_MAX_BYTES);
    wechat_fields_init(&fields);
    for (int i = 0; i < WECHAT_FIELDS_MAX; i++) {
        snprintf(name, sizeof name, "n%d", i);
        wechat_fields_set(&fields, name, "x");
    }
    assert_false(fields.has_failed);
    wechat_fields_set(&fields, "one_more", "x");
    assert_true(fields.has_failed);
    assert_int_equal(wechat_fields_write(&fields, &xml, NULL), STATUS_INVALID);

    buffer_clear(&xml);
    buffer_append_text(&xml, "<xml><a>");
    while (xml.length < WECHAT_TEXT_MAX + 16) {
        buffer_append_byte(&xml, 'x');
    }
    buffer_append_text(&xml, "</a></xml>");
    assert_int_equal(wechat_fields_read(&fields, buffer_text(&xml), xml.length, NULL), STATUS_INVALID);
    while (xml.length <= WECHAT_MESSAGE_MAX_BYTES) {
        buffer_append_byte(&xml, ' ');
    }
    assert_int_equal(wechat_fields_read(&fields, buffer_text(&xml), xml.length, NULL), STATUS_OVERFLOW);
    buffer_finish(&xml);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_example_is_signed_as_published),
        cmocka_unit_test(fields_without_a_value_and_the_signature_itself_are_not_signed),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(published_forms_of_text_are_read),
        cmocka_unit_test(whatever_is_more_than_text_elements_is_refused),
        cmocka_unit_test(limits_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
