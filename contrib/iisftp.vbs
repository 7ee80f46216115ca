' iisftp.vbs hands calls of the old IIS 6.0 script over to ftpisoctl.exe, with their arguments, output and exit code:
'
'     cscript //nologo iisftp.vbs /SetADProp alice msIIS-FTPRoot \\fs01\ftp$
'
' It looks for ftpisoctl.exe beside itself, then on the search path. Letters outside the code page of the console come
' out wrong here; iisftp.exe, a copy of ftpisoctl.exe under that name, has no such trouble.
Option Explicit

If LCase(Right(WScript.FullName, 11)) <> "cscript.exe" Then
    WScript.Echo "iisftp.vbs writes to a console: run it as  cscript //nologo iisftp.vbs ..."
    WScript.Quit 1
End If

Dim files, program, line, i, child
Set files = CreateObject("Scripting.FileSystemObject")
program = files.BuildPath(files.GetParentFolderName(WScript.ScriptFullName), "ftpisoctl.exe")
If Not files.FileExists(program) Then program = "ftpisoctl.exe"

line = Quoted(program) & " iisftp"
For i = 0 To WScript.Arguments.Count - 1
    line = line & " " & Quoted(WScript.Arguments(i))
Next

Set child = CreateObject("WScript.Shell").Exec(line)
Do Until child.StdOut.AtEndOfStream
    WScript.StdOut.WriteLine child.StdOut.ReadLine
Loop
Do Until child.StdErr.AtEndOfStream
    WScript.StdErr.WriteLine child.StdErr.ReadLine
Loop
Do While child.Status = 0
    WScript.Sleep 10
Loop
WScript.Quit child.ExitCode

' Quoted makes one argument that the program's runtime takes apart as it was: a backslash is itself, except in front of
' a quote, where each counts half and an odd one keeps the quote.
Function Quoted(ByVal text)
    Dim result, backslashes, k, letter
    result = """"
    backslashes = 0
    For k = 1 To Len(text)
        letter = Mid(text, k, 1)
        If letter = "\" Then
            backslashes = backslashes + 1
        Else
            If letter = """" Then result = result & String(backslashes + 1, "\")
            backslashes = 0
        End If
        result = result & letter
    Next
    Quoted = result & String(backslashes, "\") & """"
End Function
