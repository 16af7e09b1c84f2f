# Man pages and shell completion, written by the built program from its table of options.

set(documents ${CMAKE_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})

# document(FILE ARGUMENTS...): FILE is what `heed help ARGUMENTS` prints.
function(document file)
  add_custom_command(OUTPUT ${documents}/${file}
    COMMAND program help ${ARGN} > ${documents}/${file}
    DEPENDS program VERBATIM COMMENT "Writing ${file}")
  set_property(GLOBAL APPEND PROPERTY DOCUMENTS ${documents}/${file})
endfunction()

document(heed.1 --man)
set(pages ${documents}/heed.1)
foreach(command train evaluate predict inspect clean demo)
  document(heed-${command}.1 --man ${command})
  list(APPEND pages ${documents}/heed-${command}.1)
endforeach()
document(heed.bash --bash-completion)

get_property(all GLOBAL PROPERTY DOCUMENTS)
add_custom_target(documents ALL DEPENDS ${all})
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${documents}/heed.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME heed)
