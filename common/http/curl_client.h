/* What stands between the program and the module of its HTTP client: the functions of client.h, over libcurl. */
#pragma once

#include "common/http/client.h"

/* A client of the module: not the program's, which has one of these from its first call on. */
struct curl_client;

struct curl_client_operations {
    /* SECURITY is borrowed for the client's life; its files were looked at. */
    enum status (*create)(struct curl_client **out, const struct http_security *security, struct error_detail *err);
    void (*destroy)(struct curl_client *client);
    enum status (*call)(struct curl_client *client, const struct http_call *call, struct http_answer *answer,
                        struct error_detail *err);
    void (*cancel)(struct curl_client *client);
};

#define HTTP_CLIENT_MODULE "http_client"
