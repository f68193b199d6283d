# madoguchi_embed_sql(TARGET SYMBOL FILES...): compiles numbered .sql files into TARGET as
# `const struct migration SYMBOL[]` and `const size_t SYMBOL_count` (see common/database/migration.h).
function(madoguchi_embed_sql target symbol)
  set(files)
  foreach(file ${ARGN})
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/common/build/embed_sql.py ${symbol} ${output} ${files}
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/common/build/embed_sql.py
    VERBATIM)
  # The command belongs to this folder and the target to the one above: the name in between carries the dependency.
  add_custom_target(${symbol}_sql DEPENDS ${output})
  add_dependencies(${target} ${symbol}_sql)
  target_sources(${target} PRIVATE ${output})
endfunction()

# madoguchi_embed_files(TARGET SYMBOL FILES...): compiles FILES into TARGET as `const struct embedded_file SYMBOL[]` and
# `const size_t SYMBOL_count` (see common/bytes/embedded.h), so that a program needs nothing but itself.
function(madoguchi_embed_files target symbol)
  set(files)
  foreach(file ${ARGN})
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/common/build/embed_files.py ${symbol} ${output} ${files}
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/common/build/embed_files.py
    VERBATIM)
  add_custom_target(${symbol}_files DEPENDS ${output})
  add_dependencies(${target} ${symbol}_files)
  target_sources(${target} PRIVATE ${output})
endfunction()
