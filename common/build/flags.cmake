# One interface target carries the warnings, the feature macros and the sanitizer for all our code.
# Assertions stay in what is shipped: a till that finds its money contradictory must stop, not go on (no -DNDEBUG).
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2")

add_library(madoguchi_flags INTERFACE)
target_include_directories(madoguchi_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_definitions(madoguchi_flags INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE
  MADOGUCHI_VERSION="${PROJECT_VERSION}")
target_compile_options(madoguchi_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wundef -Wformat=2 -Wpointer-arith -Wwrite-strings -Wswitch-enum
  -fno-common -fstack-protector-strong)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(madoguchi_flags INTERFACE
    # snprintf into a sized field is our bounded copy; what gcc says of it depends on the optimisation level.
    -Wno-format-truncation
    # "Outputs are written only on success" is our convention; gcc 12 cannot follow it through a status and cries wolf at -O2.
    -Wno-maybe-uninitialized)
endif()
if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
  target_compile_options(madoguchi_flags INTERFACE
    # Members left out of an initializer are zero: that is how rows of tables with optional columns are written here.
    -Wno-missing-field-initializers
    # assert(!"a sentence") is a sentence on the way out.
    -Wno-string-conversion
    # The fall of an enum into the int of an exit code.
    -Wno-sign-conversion)
endif()
if(MADOGUCHI_WERROR)
  target_compile_options(madoguchi_flags INTERFACE -Werror)
endif()
if(MADOGUCHI_FUZZ) # what is tried must be seen, or libFuzzer guesses blindly
  target_compile_options(madoguchi_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(MADOGUCHI_SANITIZE)
  target_compile_options(madoguchi_flags INTERFACE
    -fsanitize=${MADOGUCHI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(madoguchi_flags INTERFACE -fsanitize=${MADOGUCHI_SANITIZE})
else()
  target_compile_options(madoguchi_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
