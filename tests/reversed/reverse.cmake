# SPDX-License-Identifier: Apache-2.0
# cmake -DTREE=folder -DPATCH=file -DOUT=folder -P reverse.cmake
# Copies what the patch changes out of the tree, and takes the patch out of the
# copy. Fails where it does not come out whole.
file(STRINGS "${PATCH}" lines REGEX "^\\+\\+\\+ [^ \t]")
file(REMOVE_RECURSE "${OUT}")
foreach(line IN LISTS lines)
  # "+++ b/src/lib/file.c" with or without a time after it
  string(REGEX REPLACE "^\\+\\+\\+ [^/]+/([^ \t]+).*$" "\\1" path "${line}")
  get_filename_component(folder "${OUT}/${path}" DIRECTORY)
  file(COPY "${TREE}/${path}" DESTINATION "${folder}")
endforeach()
execute_process(
    COMMAND patch --reverse --silent --force -p1 -d "${OUT}" -i "${PATCH}"
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PATCH} cannot be taken out of ${TREE}")
endif()
