/* A store that is there for one test: an SQLite file, or, when MADOGUCHI_TEST_POSTGRESQL names the file of a cluster
 * (tests/harness/postgresql.py), a database of its own there, named by a store file. The tests are the same. */
#pragma once

#include "settlement/store/place.h"
#include "settlement/store/postgresql/postgresql.h"
#include "settlement/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The cluster, as libpq wants it; false when stores are SQLite files. */
static inline bool
test_cluster(char out[256])
{
    const char *file = getenv("MADOGUCHI_TEST_POSTGRESQL");
    FILE *opened = file != NULL ? fopen(file, "r") : NULL;
    if (opened == NULL) {
        if (file != NULL) {
            fprintf(stderr, "%s: no cluster was started\n", file);
            abort();
        }
        return false;
    }
    if (fgets(out, 256, opened) == NULL) {
        abort();
    }
    fclose(opened);
    out[strcspn(out, "\n")] = '\0';
    return true;
}

static inline bool
test_is_postgresql(void)
{
    return getenv("MADOGUCHI_TEST_POSTGRESQL") != NULL;
}

/* SQL on the cluster, outside of every store. */
static inline void
test_cluster_run(const char *cluster, const char *sql)
{
    char connection[300];
    struct database *db;
    struct error_detail err;
    snprintf(connection, sizeof connection, "%s dbname=postgres", cluster);
    const struct postgresql_place place = {.connection = connection};
    if (postgresql_open(&db, &place, &err) != STATUS_OK || database_execute(db, sql, &err) != STATUS_OK) {
        fprintf(stderr, "the cluster: %s\n", err.message);
        abort();
    }
    database_close(db);
}

/* Make PATH a store file that names DATABASE. */
static inline void
test_store_name(const char *path, const char *cluster, const char *database)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        abort();
    }
    fprintf(file, "[store]\nkind = postgresql\nconnection = %s dbname=%s\n", cluster, database);
    fclose(file);
}

/* A store with its tables, of which the stores of this program's tests are copies: migrations take longer than most
 * tests. */
static inline const char *
test_store_mould(const char *cluster, const char *path)
{
    static char name[64];
    if (name[0] == '\0') {
        char sql[160];
        struct store *store;
        struct error_detail err;
        snprintf(name, sizeof name, "mould_%d", (int)getpid());
        snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0", name);
        test_cluster_run(cluster, sql);
        test_store_name(path, cluster, name);
        if (store_open(&store, path, &err) != STATUS_OK) {
            fprintf(stderr, "the tables: %s\n", err.message);
            abort();
        }
        store_close(store);
    }
    return name;
}

/* Make PATH name an empty store. */
static inline void
test_store_make(const char *path)
{
    static int made;
    char cluster[256];
    if (!test_cluster(cluster)) {
        return; /* a file that is absent is an empty store */
    }
    char name[64];
    char sql[160];
    snprintf(name, sizeof name, "test_%d_%d", (int)getpid(), ++made);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s", name, test_store_mould(cluster, path));
    test_cluster_run(cluster, sql);
    test_store_name(path, cluster, name);
}

/* The name of the database that the store file PATH names; "" when stores are SQLite files. */
static inline void
test_store_database(const char *path, char out[64])
{
    char text[512] = "";
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        abort();
    }
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *name = strstr(text, "dbname=");
    snprintf(out, 64, "%.*s", name != NULL ? (int)strcspn(name + 7, "\n") : 0, name != NULL ? name + 7 : "");
}

/* Make TO name a copy of the store that FROM names, in the place of an earlier copy. Nobody may have FROM open. */
static inline void
test_store_copy(const char *from, const char *to)
{
    char cluster[256];
    char original[64];
    char sql[200];
    if (!test_cluster(cluster)) {
        abort();
    }
    test_store_database(from, original);
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s_copy WITH (FORCE)", original);
    test_cluster_run(cluster, sql);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s_copy TEMPLATE %s", original, original);
    test_cluster_run(cluster, sql);
    snprintf(sql, sizeof sql, "%s_copy", original);
    test_store_name(to, cluster, sql);
}

/* Drop the database that PATH names; the file itself is the caller's. */
static inline void
test_store_drop(const char *path)
{
    char cluster[256];
    char text[512] = "";
    FILE *file = test_cluster(cluster) ? fopen(path, "r") : NULL;
    if (file == NULL) {
        return;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    char *name = strstr(text, "dbname=");
    if (name != NULL) {
        char sql[600];
        name[strcspn(name, "\n")] = '\0';
        snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", name + strlen("dbname="));
        test_cluster_run(cluster, sql);
    }
}
