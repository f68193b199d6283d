# One interface target carries the warnings, the feature macros and the sanitizer for all our code.
add_library(madoguchi_flags INTERFACE)
target_include_directories(madoguchi_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_definitions(madoguchi_flags INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE
  MADOGUCHI_VERSION="${PROJECT_VERSION}")
target_compile_options(madoguchi_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wundef -Wformat=2 -Wpointer-arith -Wwrite-strings -Wswitch-enum
  -fno-common -fstack-protector-strong)
if(MADOGUCHI_WERROR)
  target_compile_options(madoguchi_flags INTERFACE -Werror)
endif()
if(MADOGUCHI_SANITIZE)
  target_compile_options(madoguchi_flags INTERFACE
    -fsanitize=${MADOGUCHI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(madoguchi_flags INTERFACE -fsanitize=${MADOGUCHI_SANITIZE})
else()
  target_compile_options(madoguchi_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
