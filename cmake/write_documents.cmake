# cmake -DPROGRAM=heed -DFOLDER=documents -P write_documents.cmake: the program says itself which pages it has.

# write(FILE ARGUMENTS...): FILE is what `heed help ARGUMENTS` prints.
function(write file)
  execute_process(COMMAND ${PROGRAM} help ${ARGN} OUTPUT_FILE ${FOLDER}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/man1)
execute_process(COMMAND ${PROGRAM} help --pages OUTPUT_VARIABLE pages OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" pages "${pages}")
foreach(page ${pages})
  string(REGEX REPLACE "^heed-?" "" command ${page})
  write(man1/${page}.1 --man ${command})
endforeach()
write(heed.bash --bash-completion)
