@echo off
rem iisftp.cmd hands calls of the old IIS 6.0 script over to ftpisoctl.exe, with their arguments and exit code. It
rem looks for the program beside itself, then on the search path.
rem
rem A batch file that calls another batch file without "call" does not come back. Where old batch files say "iisftp"
rem alone, put a copy of ftpisoctl.exe called iisftp.exe on the path instead: it needs neither this file nor "call".
setlocal EnableExtensions DisableDelayedExpansion
set "IISFTP_PROGRAM=%~dp0ftpisoctl.exe"
if not exist "%IISFTP_PROGRAM%" set "IISFTP_PROGRAM=ftpisoctl.exe"
"%IISFTP_PROGRAM%" iisftp %*
exit /b %ERRORLEVEL%
