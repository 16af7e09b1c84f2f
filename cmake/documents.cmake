# Man pages and shell completion, written by the built program from its tables of commands and options.

set(documents ${CMAKE_BINARY_DIR}/documents)
add_custom_command(OUTPUT ${documents}/heed.bash
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:program> -DFOLDER=${documents} -P ${PROJECT_SOURCE_DIR}/cmake/write_documents.cmake
  DEPENDS program cmake/write_documents.cmake VERBATIM COMMENT "Writing man pages and completion")
add_custom_target(documents ALL DEPENDS ${documents}/heed.bash)
install(DIRECTORY ${documents}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${documents}/heed.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME heed)
