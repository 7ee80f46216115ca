// Package isolation decides where a login lives. It turns a user name and a
// password into an opened home in the order that matters for security: one
// identity from the directory, then the password of exactly that object, then
// its two attributes, then the place that they name, opened as that login.
//
// It knows no FTP. Every refusal is an *Error that carries the Win32 code and
// the sub-status for the log and says whether the password had been proven.
package isolation
