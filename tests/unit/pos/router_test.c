/* Which adapter is spoken to: the one that the payment went by, and no other. */
#include "pos/payment/router.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An adapter that counts what it was asked. */
struct counting {
    struct payment_channel channel;
    int *asked;
};

static void
count_start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    (void)request;
    ++*((struct counting *)channel)->asked;
    payment_answer_set(out, PAYMENT_APPROVED, "");
}

static void
count_present(struct payment_channel *channel, const struct payment_request *request, struct payment_presented *code,
              struct payment_answer *out)
{
    (void)request;
    ++*((struct counting *)channel)->asked;
    strcpy(code->payload, "000201");
    payment_answer_set(out, PAYMENT_PENDING, "");
}

static void
count_question(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    (void)payment;
    ++*((struct counting *)channel)->asked;
    payment_answer_set(out, PAYMENT_NOT_FOUND, "");
}

static void
count_refund(struct payment_channel *channel, const struct payment_reference *payment,
             const struct payment_refund *refund, struct payment_answer *out)
{
    (void)refund;
    count_question(channel, payment, out);
}

static void
ignore_stop(struct payment_channel *channel)
{
    (void)channel;
}

static bool
say_ready(struct payment_channel *channel, char reason[REASON_SIZE])
{
    (void)channel;
    reason[0] = '\0';
    return true;
}

static bool
say_offline(struct payment_channel *channel, char reason[REASON_SIZE])
{
    (void)channel;
    strcpy(reason, "つながりません。");
    return false;
}

static void
free_channel(struct payment_channel *channel)
{
    free(channel);
}

static const struct payment_channel_operations plain = {
    .name = "plain",
    .start = count_start,
    .inquire = count_question,
    .cancel = count_question,
    .stop = ignore_stop,
    .check = say_ready,
    .destroy = free_channel,
};

static const struct payment_channel_operations whole = {
    .name = "whole",
    .start = count_start,
    .inquire = count_question,
    .cancel = count_question,
    .refund = count_refund,
    .present = count_present,
    .stop = ignore_stop,
    .check = say_offline,
    .destroy = free_channel,
};

static int asked_gateway, asked_paypay;
static struct manual_clock now;

static struct payment_channel *
make(const struct payment_channel_operations *operations, int *asked, unsigned timeout_ms)
{
    struct counting *counting = calloc(1, sizeof *counting);
    assert_non_null(counting);
    *counting = (struct counting){{operations, timeout_ms}, asked};
    *asked = 0;
    return &counting->channel;
}

static struct payment_channel *
make_router(void)
{
    static const struct brand_timing timings[] = {
        {.adapter = "paypay", .poll_ms = 1, .earliest_cancel_ms = 15000, .cancel_days = 1}};
    static const struct payment_route routes[] = {{"paypay", "paypay", false}, {"paypay", "paypay", true}};
    const struct payment_way ways[] = {{"qr_gateway", make(&plain, &asked_gateway, 1000)},
                                       {"paypay", make(&whole, &asked_paypay, 30000)}};
    const struct payment_router_options options = {.ways = ways,
                                                   .way_count = 2,
                                                   .routes = routes,
                                                   .route_count = 2,
                                                   .timings = timings,
                                                   .timing_count = 1,
                                                   .clock = clock_manual(&now)};
    struct payment_channel *router = NULL;
    struct error_detail err;
    assert_int_equal(payment_router_create(&router, &options, &err), STATUS_OK);
    return router;
}

/* ---- one that is dead: it answers nothing until the test lets it ---- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_reached, is_let_go;
} dead = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static bool
say_nothing(struct payment_channel *channel, char reason[REASON_SIZE])
{
    (void)channel;
    pthread_mutex_lock(&dead.lock);
    dead.is_reached = true;
    pthread_cond_broadcast(&dead.changed);
    while (!dead.is_let_go) {
        pthread_cond_wait(&dead.changed, &dead.lock);
    }
    pthread_mutex_unlock(&dead.lock);
    strcpy(reason, "応答がありません。");
    return false;
}

static void
one_that_does_not_answer_keeps_nobody_from_speaking_to_another(void **state)
{
    (void)state;
    static const struct payment_channel_operations mute = {.name = "mute",
                                                           .start = count_start,
                                                           .inquire = count_question,
                                                           .cancel = count_question,
                                                           .stop = ignore_stop,
                                                           .check = say_nothing,
                                                           .destroy = free_channel};
    const struct payment_way ways[] = {{"wechat_pay", make(&mute, &asked_gateway, 1000)},
                                       {"paypay", make(&plain, &asked_paypay, 1000)}};
    const struct payment_router_options options = {.ways = ways, .way_count = 2, .clock = clock_manual(&now)};
    struct payment_channel *router = NULL;
    struct payment_answer answer;
    char reason[REASON_SIZE];
    assert_int_equal(payment_router_create(&router, &options, NULL), STATUS_OK);

    assert_false(router->operations->check(router, reason)); /* comes back although the dead one has not */
    assert_non_null(strstr(reason, "確かめています"));
    pthread_mutex_lock(&dead.lock);
    while (!dead.is_reached) {
        pthread_cond_wait(&dead.changed, &dead.lock);
    }
    pthread_mutex_unlock(&dead.lock);
    router->operations->inquire(router, &(struct payment_reference){.adapter = "paypay"}, &answer);
    assert_int_equal(asked_paypay, 1);

    pthread_mutex_lock(&dead.lock);
    dead.is_let_go = true;
    pthread_cond_broadcast(&dead.changed);
    pthread_mutex_unlock(&dead.lock);
    do { /* it is asked again until its answer is there; the other one is ready all the time */
        assert_false(router->operations->check(router, reason));
    } while (strstr(reason, "応答がありません") == NULL);
    payment_channel_destroy(router);
}

static void
a_brand_goes_its_way_and_the_rest_by_the_first(void **state)
{
    (void)state;
    struct payment_channel *router = make_router();
    struct payment_answer answer;

    assert_string_equal(payment_channel_way(router, "paypay", false), "paypay");
    assert_string_equal(payment_channel_way(router, "aupay", false), "qr_gateway");
    assert_string_equal(payment_channel_way(router, "", false), "qr_gateway"); /* the code will tell */
    assert_string_equal(payment_channel_way(router, "aupay", true), "");       /* nobody makes its codes */
    router->operations->start(router, &(struct payment_request){.brand = "paypay"}, &answer);
    router->operations->start(router, &(struct payment_request){.brand = "aupay"}, &answer);

    assert_int_equal(asked_paypay, 1);
    assert_int_equal(asked_gateway, 1);
    assert_int_equal(router->start_timeout_ms, 30000);
    payment_channel_destroy(router);
}

static void
a_payment_is_asked_about_where_its_line_says_it_went(void **state)
{
    (void)state;
    struct payment_channel *router = make_router();
    struct payment_answer answer;

    router->operations->inquire(router, &(struct payment_reference){.brand = "paypay", .adapter = "qr_gateway"},
                                &answer);
    router->operations->inquire(router, &(struct payment_reference){.brand = "paypay"}, &answer); /* an old line */
    assert_int_equal(asked_gateway, 2);
    assert_int_equal(asked_paypay, 0);

    router->operations->inquire(router, &(struct payment_reference){.brand = "aupay", .adapter = "paypay"}, &answer);
    assert_int_equal(asked_paypay, 1);
    payment_channel_destroy(router);
}

static void
a_way_that_is_no_longer_set_up_says_nothing_about_the_money(void **state)
{
    (void)state;
    struct payment_channel *router = make_router();
    const struct payment_reference gone = {.brand = "paypay", .adapter = "wechat_pay"};
    const struct payment_refund refund = {.refund = "r", .amount_yen = 1};
    struct payment_answer answer;

    router->operations->inquire(router, &gone, &answer);
    assert_int_equal(answer.result, PAYMENT_UNKNOWN);
    router->operations->cancel(router, &gone, &answer);
    assert_int_equal(answer.result, PAYMENT_UNKNOWN);
    payment_channel_refund(router, &gone, &refund, &answer);
    assert_int_equal(answer.result, PAYMENT_UNKNOWN);
    assert_int_equal(asked_gateway + asked_paypay, 0);
    payment_channel_destroy(router);
}

static void
nothing_is_cancelled_before_its_time(void **state)
{
    (void)state;
    struct payment_channel *router = make_router();
    const struct payment_reference payment = {.adapter = "paypay", .started_ms = 1000000};
    struct payment_answer answer;

    now.now_ms = 1014999;
    router->operations->cancel(router, &payment, &answer);
    assert_int_equal(answer.result, PAYMENT_UNKNOWN);
    assert_string_equal(answer.cause, "too_early");
    assert_int_equal(asked_paypay, 0);

    now.now_ms = 1015000;
    router->operations->cancel(router, &payment, &answer);
    assert_int_equal(asked_paypay, 1);
    payment_channel_destroy(router);
}

static void
what_an_adapter_cannot_do_is_refused_and_nothing_leaves(void **state)
{
    (void)state;
    struct payment_channel *router = make_router();
    const struct payment_reference payment = {.adapter = "qr_gateway"};
    const struct payment_refund refund = {.refund = "r", .amount_yen = 1};
    struct payment_presented code;
    struct payment_answer answer;

    payment_channel_refund(router, &payment, &refund, &answer);
    assert_int_equal(answer.result, PAYMENT_DECLINED);
    payment_channel_present(router, &(struct payment_request){.brand = "aupay"}, &code, &answer);
    assert_int_equal(answer.result, PAYMENT_NOT_CHARGED);
    assert_string_equal(code.payload, "");
    payment_channel_present(router, &(struct payment_request){.brand = "paypay"}, &code, &answer);
    assert_int_equal(answer.result, PAYMENT_PENDING);
    assert_string_equal(code.payload, "000201");
    assert_int_equal(asked_gateway, 0);
    payment_channel_destroy(router);
}

static void
the_clerk_is_told_of_the_way_that_is_closed(void **state)
{
    (void)state;
    struct payment_channel *router = make_router();
    char reason[REASON_SIZE];

    do { /* on a busy machine the first look may not have ended when it is told */
        assert_false(router->operations->check(router, reason));
    } while (strstr(reason, "確かめています") != NULL);
    assert_string_equal(reason, "つながりません。");
    payment_channel_destroy(router);
}

static void
a_route_to_nowhere_is_a_mistake_of_the_settings(void **state)
{
    (void)state;
    struct payment_channel *router = NULL;
    struct payment_way ways[] = {{"qr_gateway", make(&plain, &asked_gateway, 1)}};
    struct payment_route route = {"paypay", "paypay", false};
    struct payment_router_options options = {
        .ways = ways, .way_count = 1, .routes = &route, .route_count = 1, .clock = clock_manual(&now)};
    struct error_detail err;

    assert_int_equal(payment_router_create(&router, &options, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "paypay"));

    ways[0].channel = make(&plain, &asked_gateway, 1);
    route = (struct payment_route){"paypay", "qr_gateway", true};
    assert_int_equal(payment_router_create(&router, &options, &err), STATUS_INVALID);
    assert_null(router);
}

static void
routes_are_read_word_by_word(void **state)
{
    (void)state;
    static struct payment_route routes[PAYMENT_ROUTES_MAX];
    struct error_detail err;
    size_t count = 0;

    assert_int_equal(payment_routes_read(routes, &count, " paypay=paypay  wechat_pay=w ", false, &err), STATUS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(routes[1].brand, "wechat_pay");
    assert_string_equal(routes[1].way, "w");
    assert_int_equal(payment_routes_read(routes, &count, "aupay=paypay", true, &err), STATUS_OK);
    assert_true(routes[2].is_presented);

    static const char *const wrong[] = {"paypay", "=paypay", "paypay=", "paypay = paypay"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(payment_routes_read(routes, &count, wrong[i], false, &err), STATUS_INVALID);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_does_not_answer_keeps_nobody_from_speaking_to_another),
        cmocka_unit_test(a_brand_goes_its_way_and_the_rest_by_the_first),
        cmocka_unit_test(a_payment_is_asked_about_where_its_line_says_it_went),
        cmocka_unit_test(a_way_that_is_no_longer_set_up_says_nothing_about_the_money),
        cmocka_unit_test(nothing_is_cancelled_before_its_time),
        cmocka_unit_test(what_an_adapter_cannot_do_is_refused_and_nothing_leaves),
        cmocka_unit_test(the_clerk_is_told_of_the_way_that_is_closed),
        cmocka_unit_test(a_route_to_nowhere_is_a_mistake_of_the_settings),
        cmocka_unit_test(routes_are_read_word_by_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
