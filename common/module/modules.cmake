# madoguchi_add_module(NAME USER SOURCES files… LIBS libraries…): the part NAME of the programs, as the file modules/NAME.so.
# USER is the library that loads it, so that whoever is built with that has the part as well. SOURCES are seen from the
# project's folder; what parts need of ours, each has inside.
set(MADOGUCHI_MODULE_BASE common/outcome/status.c common/text/utf8.c common/bytes/buffer.c common/bytes/encoding.c)
set(MADOGUCHI_MODULE_FOLDER "${PROJECT_BINARY_DIR}/modules" CACHE PATH
  "Where programs look for their parts, unless there is a folder `modules` beside them")
function(madoguchi_add_module name user)
  cmake_parse_arguments(M "" "" "SOURCES;LIBS" ${ARGN})
  set(M_SOURCES ${M_SOURCES} ${MADOGUCHI_MODULE_BASE})
  list(TRANSFORM M_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/")
  add_library(module_${name} MODULE ${M_SOURCES})
  target_link_libraries(module_${name} PRIVATE madoguchi_flags Threads::Threads ${M_LIBS})
  set_target_properties(module_${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} C_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/modules")
  add_dependencies(${user} module_${name})
endfunction()
