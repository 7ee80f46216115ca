#!/bin/bash
# console.sh PROGRAM ARGUMENT… runs a Windows program under Wine on a console, which is a terminal of its own.
exec script --quiet --return --command "wine $(printf '%q ' "$@")" /dev/null </dev/null
